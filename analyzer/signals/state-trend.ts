import type { Checkpoint, JobHistory } from '../../collector/model/index.js';
import { robustSlope } from '../numbers.js';
import { fitOf } from './fit.js';
import { oncePerRun } from './per-run.js';
import { lineThrough, type TrendLine } from './trend-line.js';

/** How the state of the job moves from checkpoint to checkpoint. */
export interface StateTrend {
  readonly bytes: number;
  readonly bytesPerMs: number;
  readonly fit: number;
  /** Slope of the last third over the whole: below one half it levels off. */
  readonly lastThird: number;
  readonly windowMs: number;
  readonly durationMs: number;
  /** Growth of the checkpoints' duration in ms per ms. */
  readonly durationSlope: number;
  readonly durationFit: number;
  readonly durationLine?: TrendLine;
}

/** Diagnosis §5.6: at least so many points. */
const POINTS_MIN = 24;

/** Completed checkpoints (no savepoints) since then; undefined where they are too few. */
export function stateTrendOf(
  { checkpoints }: JobHistory,
  fromMs: number,
  pointsMin = POINTS_MIN,
): StateTrend | undefined {
  const done = checkpoints.filter(
    ({ status, isSavepoint, triggerMs }) => status === 'COMPLETED' && !isSavepoint && triggerMs >= fromMs,
  );
  return done.length < pointsMin ? undefined : trendOf(done);
}

const trendOf = oncePerRun((done): StateTrend | undefined => {
  const first = done[0];
  const last = done.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const sizes = done.map(({ triggerMs, stateSizeBytes }) => [triggerMs, stateSizeBytes] as const);
  const durations = done.map(({ triggerMs, durationMs }) => [triggerMs, durationMs] as const);
  const slope = robustSlope(sizes) ?? 0;
  const durationLine = lineThrough(durations, 'scatters');
  const durationSlope = durationLine?.perMs ?? robustSlope(durations) ?? 0;
  const late = robustSlope(sizes.slice(-Math.floor(sizes.length / 3))) ?? 0;
  return {
    bytes: last.stateSizeBytes,
    bytesPerMs: slope,
    fit: fitOf(sizes, slope),
    lastThird: slope === 0 ? 0 : late / slope,
    windowMs: last.triggerMs - first.triggerMs,
    durationMs: last.durationMs,
    durationSlope,
    durationFit: fitOf(durations, durationSlope),
    ...(durationLine === undefined ? {} : { durationLine }),
  };
});

/** Growth of the state in bytes per ms: over all of the run, and over its later half. */
export const sizeSlopesOf = oncePerRun(
  (done: readonly Checkpoint[]): { readonly whole: number; readonly late: number } => {
    const sizes = done.map(({ triggerMs, stateSizeBytes }) => [triggerMs, stateSizeBytes] as const);
    return { whole: robustSlope(sizes) ?? 0, late: robustSlope(sizes.slice(Math.floor(sizes.length / 2))) ?? 0 };
  },
);
