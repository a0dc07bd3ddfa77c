import { checkpointIntervalMs, MTBF_DEFAULT_MS } from './checkpoint-interval.js';

/** What one checkpoint and one failure of a job cost. All in ms. */
export interface IntervalCosts {
  /** Longest synchronous part of a checkpoint, the median of the last ones: the subtask stands still. */
  readonly stallMs: number;
  /** From trigger to completion, of a slow one. */
  readonly durationMs: number;
  /** Mean time between failures; missing: none was seen, and one a day is assumed. */
  readonly mtbfMs?: number;
  /** From a failure until all tasks run again. */
  readonly restartMs: number;
}

/** An interval between checkpoints and what it costs. */
export interface IntervalCost {
  readonly intervalMs: number;
  /** Share of the time in which a checkpoint holds a subtask up. */
  readonly stallRatio: number;
  /** Input that is read again after a failure, as time: half an interval, and the checkpoint that was under way. */
  readonly againMs: number;
  /** Share of the time that failures take: standing still and reading again. */
  readonly againRatio: number;
}

export interface IntervalTradeOff extends IntervalCosts {
  /** From short to long. */
  readonly points: readonly IntervalCost[];
  /** What is advised for these costs. */
  readonly bestMs: number;
}

const SHORTEST_MS = 1_000;
const LONGEST_MS = 3_600_000;
/** Enough for a smooth curve over three and a half decades. */
const POINTS = 36;

/**
 * What an interval costs, from a second to an hour: short ones hold the job up, long ones let a failure take more back (Young 1974, a
 * first-order approximation: intervals far below the mean time between failures).
 */
export function intervalTradeOff(costs: IntervalCosts): IntervalTradeOff {
  const step = (LONGEST_MS / SHORTEST_MS) ** (1 / (POINTS - 1));
  return {
    ...costs,
    points: Array.from({ length: POINTS }, (_, i) => intervalCost(Math.round(SHORTEST_MS * step ** i), costs)),
    bestMs: checkpointIntervalMs(costs.stallMs, costs.durationMs, costs.mtbfMs),
  };
}

export function intervalCost(
  intervalMs: number,
  { stallMs, durationMs, mtbfMs = MTBF_DEFAULT_MS, restartMs }: IntervalCosts,
): IntervalCost {
  // A checkpoint that takes longer than the interval makes the next one wait.
  const apartMs = Math.max(intervalMs, durationMs);
  const againMs = apartMs / 2 + durationMs;
  return {
    intervalMs,
    stallRatio: Math.min(1, stallMs / apartMs),
    againMs,
    againRatio: Math.min(1, (againMs + restartMs) / mtbfMs),
  };
}
