import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { stateTrendOf, type StateTrend } from '../../analyzer/signals/state-trend.js';
import type { JobHistory } from '../../collector/model/index.js';

/** The gates of `state-growth`: a straight line that does not level off, after an hour in which windows and TTL fill. */
const SETTLE_MS = 3_600_000;
const WINDOW_MIN_MS = 1_800_000;
const FIT_MIN = 0.9;
const GROWN_MIN = 0.05;
const BYTES_MIN = 100 * 1024 ** 2;

/** A state that grows without an end in sight; undefined where it does not, or is not watched for long enough. */
export function growingState(history: JobHistory, job: JobFacts, nowMs: number): StateTrend | undefined {
  const trend = stateTrendOf(history, (job.allRunningSinceMs ?? nowMs) + SETTLE_MS);
  if (trend === undefined || trend.windowMs < WINDOW_MIN_MS || trend.bytes < BYTES_MIN) return undefined;
  const grown = (trend.bytesPerMs * trend.windowMs) / Math.max(1, trend.bytes);
  return trend.fit >= FIT_MIN && trend.lastThird >= 0.5 && grown >= GROWN_MIN ? trend : undefined;
}
