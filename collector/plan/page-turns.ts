import { shareOf } from './offset.js';

/**
 * When the pages of a job and of its vertices are read. The JobManager notes when a task enters a state, and `/jobs/overview` tells the
 * newest of these times as `last-modification` (Flink's `JobDetails.createDetailsForJob`, 1.13 to 2.3). While it stands, the
 * graph, the states, the attempts and their TaskManagers are as the pages last said, and only counters move. Those are metrics
 * too, and cheap: for the pages Flink copies the whole execution graph, in each beat anew. A wide job's own page is 3 ms of the JobManager
 * (768 tasks, REST-TRUTH §7), and tells nothing between two changes that the summaries of its vertices do not. So all pages of a
 * job, and its exceptions, are read in one beat of each minute, from one copy (REST-TRUTH §7: 0.7 ms for exceptions whose page is
 * 130 bytes; docs/benchmarks.md).
 */

/** `/jobs/:jobid` may be behind `/jobs/overview` by `web.refresh-interval`, 3 s by default (REST-TRUTH fact 7). */
const GRAPH_CACHED_MS = 5_000;
/** However long nothing changes: what the overview does not tell is not older than this. */
const PAGE_READ_EVERY_MS = 60_000;
/** The counters of so many subtasks fit into one request line. */
export const COUNTED_SUBTASKS_MAX = 20;
/** A vertex that has not all counters among its metrics is not asked for them again for so long. */
const COUNTERS_MISSED_MS = 300_000;

/**
 * The minutes of a job, which begin at another time than those of others. By the clock, so that a recording of the job, wherever
 * it begins, is asked for the pages it has. `share` (0 to 1) shifts them further.
 */
export const minuteOf = (jobId: string, ms: number, share = 0): number =>
  Math.floor(ms / PAGE_READ_EVERY_MS + shareOf(jobId) + share);

export interface PageTurn {
  readonly jobId: string;
  /** When the page was last read; undefined before the first time. */
  readonly readMs: number | undefined;
  /** When the overview last showed the job changed. */
  readonly changedMs: number;
  readonly nowMs: number;
  readonly beatMs: number;
}

/** Whether a page no longer stands for the job, or was not yet read in this minute. */
export function isPageDue({ jobId, readMs, changedMs, nowMs, beatMs }: PageTurn): boolean {
  if (readMs === undefined || readMs - changedMs < GRAPH_CACHED_MS) return true;
  return minuteOf(jobId, readMs) < minuteOf(jobId, nowMs) || nowMs - readMs + beatMs / 2 > PAGE_READ_EVERY_MS;
}

/** Whether to try a vertex's counters once more: `missedMs` is when they were not all there. */
export const wantsCounters = (missedMs: number | undefined, nowMs: number): boolean =>
  missedMs === undefined || nowMs - missedMs >= COUNTERS_MISSED_MS;
