/** Bounds that the Young–Daly interval is kept within; diagnosis §2 F6. */
const INTERVAL_MIN_MS = 10_000;
const INTERVAL_MAX_MS = 600_000;
/** Mean time between failures that is assumed while none was seen: a day. */
export const MTBF_DEFAULT_MS = 86_400_000;
/** A checkpoint shall not stall the job for more than this share of the time. */
const STALL_SHARE_MAX = 0.05;

/**
 * The interval between checkpoints: Young's √(2·δ·MTBF) for the stall δ of one checkpoint, but at least twice its
 * duration, at least long enough that the stall stays under 5 %, and at most ten minutes, because what lies between
 * two checkpoints is read again after a failure. Milliseconds, whole seconds.
 */
export function checkpointIntervalMs(stallMs: number, durationMs: number, mtbfMs: number = MTBF_DEFAULT_MS): number {
  const young = Math.sqrt(2 * Math.max(stallMs, 1) * mtbfMs);
  const lower = Math.max(INTERVAL_MIN_MS, 2 * durationMs, stallMs / STALL_SHARE_MAX);
  const wanted = Math.min(Math.max(Math.min(young, INTERVAL_MAX_MS), lower), Math.max(lower, INTERVAL_MAX_MS));
  return Math.ceil(wanted / 1000) * 1000;
}

/** F6b: rest between two checkpoints: half the interval, and at least one duration. Whole seconds. */
export function minPauseMs(intervalMs: number, durationMs: number): number {
  return Math.ceil(Math.max(intervalMs / 2, durationMs) / 1000) * 1000;
}

/** F6b: three times what a slow checkpoint takes, between one minute and an hour. Whole seconds. */
export function checkpointTimeoutMs(slowMs: number): number {
  return Math.ceil(Math.min(3_600_000, Math.max(60_000, 3 * slowMs)) / 1000) * 1000;
}
