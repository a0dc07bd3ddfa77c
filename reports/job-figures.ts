import { max, mean, median, present, quantile } from '../analyzer/numbers.js';
import { lengthMs, within } from './coverage.js';
import { hoursOf, priced, sumOfCosts, type Cost, type Prices } from './cost.js';
import type { JobMoment, JobWeek, Span, StateMark } from './facts.js';

/** What a job did in the week. A figure that nothing stored tells is missing. */
export interface JobFigures {
  /** Share of the watched time in which the job was RUNNING, 0–1. */
  readonly uptimeRatio?: number;
  readonly restarts?: number;
  /** Completed over completed and failed, savepoints left out, 0–1. */
  readonly checkpointSuccessRatio?: number;
  readonly checkpoints?: { readonly completed: number; readonly failed: number };
  /** Of the highest backlog of each five minutes: the middle, and what 95 % of them stay under. */
  readonly lagRecordsMedian?: number;
  readonly lagRecordsP95?: number;
  /** Longest lag that a moment of the week showed. */
  readonly lagSecondsMax?: number;
  /** Of the busiest vertex over hours, 0–1. */
  readonly busyRatioMedian?: number;
  readonly busyRatioP95?: number;
  /** Of the fullest TaskManager over the moments of the week, 0–1. */
  readonly heapRatioP95?: number;
}

export function jobFigures(week: JobWeek, range: Span): JobFigures {
  const { moments, checkpoints, lagRecords, busyRatios } = week;
  const attempts = checkpoints === undefined ? 0 : checkpoints.completed + checkpoints.failed;
  return defined<JobFigures>({
    uptimeRatio: uptimeRatio(week, range),
    restarts: week.restarts,
    checkpoints: attempts === 0 ? undefined : checkpoints,
    checkpointSuccessRatio: attempts === 0 ? undefined : (checkpoints?.completed ?? 0) / attempts,
    lagRecordsMedian: median(lagRecords),
    lagRecordsP95: quantile(lagRecords, 0.95),
    lagSecondsMax: max(present(moments.map(({ lagSeconds }) => lagSeconds))),
    busyRatioMedian: median(busyRatios),
    busyRatioP95: quantile(busyRatios, 0.95),
    heapRatioP95: quantile(present(moments.map(({ heapRatio }) => heapRatio)), 0.95),
  });
}

/** What ended because somebody wanted it to end is not down. */
const DOWN = new Set(['CREATED', 'INITIALIZING', 'FAILING', 'FAILED', 'RESTARTING', 'RECONCILING']);

/** Without any change of state the job stayed as it was: it was there, so it ran. */
function uptimeRatio({ watched, states }: JobWeek, range: Span): number | undefined {
  const spans = within(watched, range);
  const watchedMs = lengthMs(spans);
  if (watchedMs === 0) return undefined;
  const marks: readonly StateMark[] = [{ atMs: range.fromMs, state: stateBefore(states) }, ...states];
  const downMs = marks.reduce((total, { atMs, state }, i) => {
    if (!DOWN.has(state)) return total;
    const down = { fromMs: Math.max(atMs, range.fromMs), toMs: marks[i + 1]?.atMs ?? range.toMs };
    return total + lengthMs(within(spans, down));
  }, 0);
  return Math.max(0, 1 - downMs / watchedMs);
}

/** A week whose first news is that the job runs began without it running, unless it only began then. */
function stateBefore(states: readonly StateMark[]): string {
  const first = states[0];
  return first?.state === 'RUNNING' ? 'CREATED' : 'RUNNING';
}

/** Each moment stands from the one before (or the week's begin) to itself, for the watched part of that time. */
export function jobCost({ moments, watched }: JobWeek, range: Span, cluster: string, prices: Prices | undefined): Cost {
  const held = moments.map((moment, i) => {
    const isLast = i === moments.length - 1;
    const span = { fromMs: moments[i - 1]?.atMs ?? range.fromMs, toMs: isLast ? range.toMs : moment.atMs };
    return hoursOf(moment.resources ?? {}, lengthMs(within(watched, span)));
  });
  return priced(sumOfCosts(held), cluster, prices);
}

/** Mean of the moments' health; undefined where no moment knows it. */
export function meanHealth(moments: readonly JobMoment[]): number | undefined {
  return mean(present(moments.map(({ health }) => health)));
}

function defined<T extends object>(values: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T; // Only the undefined are gone.
}
