import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { runningHere, type TaskManagerLoad } from '../../analyzer/signals/task-managers.js';
import type { ExplainedBottleneck } from '../../analyzer/graph/cause.js';
import type { LoadSignal } from '../../analyzer/signals/load.js';
import { max, present } from '../../analyzer/numbers.js';
import { bytes, percent, text } from '../../analyzer/text.js';
import { GC_NOT_TOLD } from '../support/not-told.js';
import { heapAdvice } from '../support/heap-advice.js';

/** The collections' share that a healthy TaskManager stays under; advice aims at it. */
const HEALTHY_RATIO = 0.05;
/** The free part of the heap is never advised to grow more than this in one step. */
const GROWTH_MAX = 4;

export const gcPressure = defineRule({
  id: 'gc-pressure',
  category: 'memory',
  title: text('Garbage collection takes the time', '垃圾回收占用了时间'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'bottlenecks', 'load', 'slots', 'history', 'configuration'],
  options: {
    // Faults showed .73–.80, heaps that are merely full .03, healthy idle ones ≤ .004 (CALIBRATION §2).
    warningRatio: {
      default: 0.1,
      unit: 'ratio',
      description: 'time in stop-the-world collections from which it is a warning',
    },
    criticalRatio: {
      default: 0.3,
      unit: 'ratio',
      description: 'time in stop-the-world collections from which it is critical',
    },
  },
  detect({ job, taskManagers, bottlenecks, load }, { warningRatio, criticalRatio }) {
    const here = runningHere(taskManagers);
    if (here.every((tm) => tm.gcRatio === undefined)) return { notEvaluated: GC_NOT_TOLD };
    return here.flatMap((tm) => {
      const { gcRatio } = tm;
      if (gcRatio === undefined || gcRatio < warningRatio) return [];
      const vertexId = sufferer(tm, bottlenecks, load);
      return [
        {
          severity: gcRatio >= criticalRatio ? ('critical' as const) : ('warning' as const),
          confidence: 0.95,
          subject: {
            kind: 'taskmanager' as const,
            taskManagerId: tm.taskManagerId,
            ...(vertexId === undefined ? {} : { vertexId, vertexName: job.vertexName(vertexId) }),
          },
          title: text(
            `A TaskManager spends ${percent(gcRatio)} of its time collecting garbage`,
            `一个 TaskManager 有 ${percent(gcRatio)} 的时间在做垃圾回收`,
          ),
          summary: text(
            `Every subtask on ${tm.taskManagerId} stands still meanwhile${vertexId === undefined ? '' : `; ${job.vertexName(vertexId)} suffers most`}. Its heap is ${bytes(tm.heapMaxBytes ?? 0)}.`,
            `期间 ${tm.taskManagerId} 上的所有子任务都会停顿${vertexId === undefined ? '' : `，受影响最大的是 ${job.vertexName(vertexId)}`}。其堆大小为 ${bytes(tm.heapMaxBytes ?? 0)}。`,
          ),
          evidence: [
            ...evidence('gcRatio', gcRatio, tm.windowMs, ['>=', warningRatio], {
              metric: 'gcTimeRatio',
              taskManagerId: tm.taskManagerId,
            }),
            ...evidence('collectionsPerSecond', scaled(tm.collectionsPerSecond), tm.windowMs),
            ...evidence('fullCollectionsPerMinute', scaled(tm.fullCollectionsPerSecond), tm.windowMs),
            ...evidence('heapMaxBytes', tm.heapMaxBytes, tm.windowMs),
            ...evidence('heapLowRatio', lowRatio(tm), tm.windowMs),
          ],
          wouldChange: [text('collections take less than a tenth of the time', '回收耗时低于十分之一')],
        },
      ];
    });
  },
  advise(finding, { job, taskManagers, slots, history, configuration }) {
    const tm = taskManagers.find(({ taskManagerId }) => taskManagerId === finding.subject.taskManagerId);
    const ratio = tm?.gcRatio;
    const heapMax = tm?.heapMaxBytes;
    if (tm === undefined || ratio === undefined || heapMax === undefined) return [];
    const live = Math.min(tm.heapLowBytes ?? heapMax / 2, 0.9 * heapMax);
    // Collections come as often as the free part fills: their time falls in proportion to it.
    const growth = Math.min(GROWTH_MAX, Math.max(1.5, ratio / HEALTHY_RATIO));
    const wanted = Math.max(live + (heapMax - live) * growth, 2 * live);
    const expected = Math.min(ratio, ratio / growth);
    const advice = heapAdvice(
      tm,
      wanted,
      [
        {
          metric: 'gcTimeRatio',
          label: labelOf('gcRatio'),
          from: ratio,
          to: expected,
          low: HEALTHY_RATIO / 5,
          high: Math.min(ratio, expected * 1.5),
          unit: 'ratio',
        },
      ],
      { job, history, slots, configuration },
    );
    return present([advice]);
  },
});

function scaled(perSecond: number | undefined): number | undefined {
  return perSecond === undefined ? undefined : perSecond * 60;
}

function lowRatio(tm: TaskManagerLoad): number | undefined {
  return tm.heapLowBytes === undefined || !tm.heapMaxBytes ? undefined : tm.heapLowBytes / tm.heapMaxBytes;
}

/** The bottleneck that runs there, else the busiest vertex there. */
function sufferer(
  tm: TaskManagerLoad,
  bottlenecks: readonly ExplainedBottleneck[],
  load: LoadSignal,
): string | undefined {
  const here = bottlenecks.find(({ vertexId }) => tm.vertexIds.includes(vertexId));
  if (here !== undefined) return here.vertexId;
  const busiest = max(present(tm.vertexIds.map((vertexId) => load.get(vertexId)?.busyMax)));
  return tm.vertexIds.find((vertexId) => load.get(vertexId)?.busyMax === busiest);
}
