import type { CheckpointSignal } from '../../analyzer/signals/checkpoints.js';
import { max, median, present, quantile, sum } from '../../analyzer/numbers.js';
import { DOMINATED_MIN } from './checkpoint-phase.js';

/** Fewer checkpoints than this have no rhythm yet. */
const PACE_MIN = 5;
const PACE_LAST = 10;

export interface CheckpointPace {
  readonly count: number;
  /** From the first trigger to the last. */
  readonly windowMs: number;
  /** Time with a checkpoint under way. */
  readonly share: number;
  readonly p95Ms: number;
  readonly slowestMs: number;
  /** Longest synchronous part over the time between two checkpoints; missing while no phases are read. */
  readonly pauseShare?: number;
  readonly syncMs?: number;
}

/** The rhythm of the last ten completed checkpoints; failed ones are left out, so that it errs towards calm. */
export function paceOf({ completed, anatomies }: CheckpointSignal): CheckpointPace | undefined {
  const recent = completed.slice(-PACE_LAST);
  const first = recent[0];
  const last = recent.at(-1);
  if (first === undefined || last === undefined || recent.length < PACE_MIN) return undefined;
  const windowMs = last.triggerMs - first.triggerMs;
  if (windowMs <= 0) return undefined;
  const durations = recent.map(({ durationMs }) => durationMs);
  const syncs = present(anatomies.map(({ phases }) => phases.sync?.ms));
  // One or two are chance, and a vertex that always stops so long is named from the third on (`ckpt-sync`).
  const syncMs = syncs.length < DOMINATED_MIN ? undefined : median(syncs);
  return {
    count: recent.length,
    windowMs,
    share: Math.min(1, sum(durations.slice(0, -1)) / windowMs),
    p95Ms: quantile(durations, 0.95) ?? 0,
    slowestMs: max(durations) ?? 0,
    ...(syncMs === undefined ? {} : { syncMs, pauseShare: Math.min(1, (syncMs * (recent.length - 1)) / windowMs) }),
  };
}
