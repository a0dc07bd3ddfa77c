import { defineRule, type RuleView } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import type { Change } from '../../analyzer/engine/recommendation.js';
import { diffsFor } from '../../analyzer/tuning/advice.js';
import {
  capacityOf,
  busyAt,
  parallelismFor,
  RESTART_MS,
  CATCH_UP_MS,
  TARGET_UTILISATION,
} from '../../analyzer/tuning/parallelism.js';
import { weeklyPeak } from '../../analyzer/signals/season.js';
import { slotsNeededFor } from '../../analyzer/tuning/slots.js';
import { max, min, present } from '../../analyzer/numbers.js';
import { counted, duration, percent, text, type Text } from '../../analyzer/text.js';
import { vertexSubject } from '../support/subjects.js';

/** The verdict is about size, so it looks at no less than this. */
const WINDOW_MIN_MS = 120_000;
/** Vertices that a title names; the changes list them all. */
const MAX_NAMED = 3;

interface Oversized {
  readonly vertexId: string;
  readonly from: number;
  readonly to: number;
  readonly busyPeak: number;
  readonly busyThen: number;
  /** Of the present load, now and then. */
  readonly busyNow: number;
  readonly busyThenNow: number;
  /** What the peak is the highest of. */
  readonly windowMs: number;
  /** Of the highest five minutes; missing: the kept weeks are not known. */
  readonly weeklyPerSecond?: number;
}

export const parOver = defineRule({
  id: 'par-over',
  category: 'capacity',
  title: text('The job has more subtasks than its load needs', '作业的子任务多于负载所需'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'peakLoad', 'lag', 'slots', 'history'],
  options: {
    busyRatio: {
      default: 0.3,
      unit: 'ratio',
      description: 'busy in the busiest minute of the window below which a vertex may be too wide',
    },
    keepShare: {
      default: 0.7,
      unit: 'ratio',
      description: 'needed over present parallelism at and below which it is said',
    },
  },
  detect(view, limits) {
    const { job } = view;
    const found = oversized(view, limits);
    // The vertex that needs most decides how many slots the job keeps.
    const subject = found.reduce<Oversized | undefined>(
      (most, item) => (most === undefined || item.to >= most.to ? item : most),
      undefined,
    );
    if (subject === undefined) return [];
    const windowMs = min(found.map((item) => item.windowMs)) ?? 0;
    const name = job.vertexName(subject.vertexId);
    return [
      {
        severity: 'info' as const,
        // Until a daily peak has been seen the load may yet grow (DESIGN §7).
        confidence: windowMs >= 86_400_000 ? 0.9 : 0.6,
        subject: vertexSubject(job, subject.vertexId),
        title: text(
          `${name} would do with ${subject.to} of its ${subject.from} subtasks`,
          `${name} 的 ${subject.from} 个子任务中 ${subject.to} 个就够用`,
        ),
        summary:
          subject.weeklyPerSecond !== undefined
            ? text(
                `With the highest load of the last ${duration(windowMs)} its busiest subtask is ${percent(subject.busyPeak)} busy.`,
                `在最近 ${duration(windowMs)} 的最高负载下，最忙子任务的繁忙率为 ${percent(subject.busyPeak)}。`,
              )
            : text(
                `In the busiest minute of the last ${duration(windowMs)} its busiest subtask was ${percent(subject.busyPeak)} busy. A daily peak outside this window is not known.`,
                `在最近 ${duration(windowMs)} 最忙的一分钟里，最忙子任务的繁忙率为 ${percent(subject.busyPeak)}。窗口之外的每日高峰未知。`,
              ),
        evidence: [
          ...evidence('busyRatio', subject.busyPeak, windowMs, ['<', limits.busyRatio], {
            metric: 'busyRatio',
            vertexId: subject.vertexId,
          }),
          ...evidence('weeklyPeakPerSecond', subject.weeklyPerSecond, windowMs),
          ...evidence('parallelism', subject.from, windowMs),
          ...evidence('predictedBusyRatio', subject.busyThen, windowMs, ['<=', TARGET_UTILISATION]),
        ],
        wouldChange: [text('a minute in which it is more than 30 % busy', '出现繁忙率超过 30 % 的一分钟')],
      },
    ];
  },
  advise(_finding, view, limits) {
    const { job, history, slots } = view;
    const found = oversized(view, limits);
    if (found.length === 0) return [];
    const changes: Change[] = found.map(({ vertexId, from, to }) => ({
      scope: 'vertex',
      vertexId,
      vertexName: job.vertexName(vertexId),
      from,
      to,
      unit: 'subtasks',
    }));
    const saved =
      slotsNeededFor(history, new Map()) -
      slotsNeededFor(history, new Map(found.map(({ vertexId, to }) => [vertexId, to])));
    const taskManagers =
      slots.perTaskManager === undefined ? 0 : Math.floor((saved + (slots.available ?? 0)) / slots.perTaskManager);
    const windowMs = min(found.map((item) => item.windowMs)) ?? 0;
    return [
      {
        kind: 'parallelism',
        title: smallerTitle(
          found.map(({ vertexId, to }) => `${job.vertexName(vertexId)} (${to})`),
          saved,
        ),
        changes,
        diffs: diffsFor(changes, { job, history }),
        // Of the load of now, which is what is seen after the change; the size itself is that of the highest load.
        expected: found.map(({ vertexId, busyNow, busyThenNow }) => ({
          metric: 'busyRatio',
          vertexId,
          label: labelOf('predictedBusyRatio'),
          from: busyNow,
          to: busyThenNow,
          low: busyThenNow - uncertaintyOf(busyThenNow),
          high: Math.min(1, busyThenNow + uncertaintyOf(busyThenNow)),
          unit: 'ratio' as const,
        })),
        cost: {
          slots: -saved,
          taskManagers: -taskManagers,
          memoryBytes: -taskManagers * (history.taskManagers[0]?.memory.totalProcessBytes ?? 0),
        },
        prerequisites: [
          text(
            `the last ${duration(windowMs)} hold the job's highest load`,
            `最近 ${duration(windowMs)} 已包含作业的最高负载`,
          ),
        ],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: text('less reserve for peaks and for catching up after a restart', '应对高峰与重启追赶的余量减少'),
        },
        verify: [
          {
            metric: 'busyRatio',
            label: labelOf('busyRatio'),
            comparison: '<=',
            target: TARGET_UTILISATION,
            unit: 'ratio',
          },
        ],
        rejected: [
          {
            alternative: text('cut memory in the same step', '同时削减内存'),
            why: text(
              'one change at a time: fewer TaskManagers already raise the load of each',
              '一次只改一项：TaskManager 变少已提高各自负载',
            ),
          },
        ],
        confidence: 0.6,
        sources: [
          'https://nightlies.apache.org/flink/flink-kubernetes-operator-docs-main/docs/custom-resource/autoscaler/',
        ],
      },
    ];
  },
});

function smallerTitle(sizes: readonly string[], slots: number): Text {
  const names = sizes.length > MAX_NAMED ? [...sizes.slice(0, MAX_NAMED), '…'] : sizes;
  return text(
    `Run with fewer subtasks: ${names.join(', ')}; ${counted(slots, 'slot becomes', 'slots become')} free`,
    `减少子任务：${names.join('、')}；释放 ${slots} 个 slot`,
  );
}

/**
 * A vertex with much room reads busier than it is (12.5/s of 40 ms on six subtasks: .10 for .083), one that is used well does not: what it
 * will be is lower than what its readings add up to.
 */
const READS_HIGH_BELOW = 1.05;
/** Six changes from 4–8 to 1–3 subtasks on 1.20.3 came out up to .10 beside, at .33–.64. */
const UNCERTAIN_MAX = 0.1;
const UNCERTAIN_SHARE = 0.25;
const uncertaintyOf = (busy: number): number => Math.min(UNCERTAIN_MAX, UNCERTAIN_SHARE * busy);

/** Vertices that the peak of the window would fit into fewer subtasks, if that frees slots at all. */
function oversized(
  { job, load, peakLoad, lag, history }: RuleView<'load' | 'peakLoad' | 'lag' | 'history'>,
  { busyRatio, keepShare }: { readonly busyRatio: number; readonly keepShare: number },
): readonly Oversized[] {
  const calm = [...peakLoad.values()].every(({ backPressuredMax }) => backPressuredMax < 0.1);
  if (!calm || lag.phase === 'growing' || lag.phase === 'catching-up') return [];
  const capacities = capacityOf(job, load, lag);
  const found = present(
    [...peakLoad.values()].map((peak): Oversized | undefined => {
      const capacity = capacities.get(peak.vertexId);
      if (
        capacity === undefined ||
        peak.windowMs < WINDOW_MIN_MS ||
        peak.busyMax >= busyRatio ||
        capacity.parallelism < 2
      )
        return undefined;
      const peakRate =
        max(
          present([
            peak.recordsInPerSecond,
            job.topology.isSource(peak.vertexId) ? peak.recordsOutPerSecond : undefined,
          ]),
        ) ?? capacity.servedPerSecond;
      // The dearer of the mean cost and what the busiest subtask showed at its peak, so that skew is covered.
      const secondsPerRecord = Math.max(capacity.secondsPerRecord, (peak.busyMax * capacity.parallelism) / peakRate);
      const sized = { ...capacity, secondsPerRecord };
      // The kept weeks may hold a higher load than the window: then that is the one to be carried.
      const weekly = weeklyPeak(history.seasons, peak.vertexId);
      const highestRate = Math.max(peakRate, weekly?.perSecond ?? 0);
      const busyHighest = Math.max(peak.busyMax, (highestRate * secondsPerRecord) / capacity.parallelism);
      if (busyHighest >= busyRatio) return undefined;
      // In one step, unlike the autoscaler's (at most 60 % away): each step is a restart, and the peak of the window stays what it is.
      const to =
        parallelismFor(sized, highestRate * Math.max(1 / TARGET_UTILISATION, 1 + RESTART_MS / CATCH_UP_MS)) ??
        capacity.parallelism;
      if (to > keepShare * capacity.parallelism) return undefined;
      return {
        vertexId: peak.vertexId,
        from: capacity.parallelism,
        to,
        busyPeak: busyHighest,
        busyThen: busyAt(sized, to, highestRate),
        busyNow: load.get(peak.vertexId)?.busyMax ?? peak.busyMax,
        busyThenNow: busyAt(capacity, to, capacity.servedPerSecond) / READS_HIGH_BELOW,
        windowMs: Math.max(peak.windowMs, weekly?.spanMs ?? 0),
        ...(weekly === undefined ? {} : { weeklyPerSecond: weekly.perSecond }),
      };
    }),
  );
  const saved =
    slotsNeededFor(history, new Map()) -
    slotsNeededFor(history, new Map(found.map(({ vertexId, to }) => [vertexId, to])));
  const inOrder = job.topology.order.flatMap((vertexId) => found.filter((item) => item.vertexId === vertexId));
  return saved > 0 ? inOrder : [];
}
