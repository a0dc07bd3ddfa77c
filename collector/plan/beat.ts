/**
 * What a beat costs a JobManager beside the requests. Whoever asks for metrics makes it fetch the metrics of every task,
 * 0.15–0.18 s of CPU for 768 tasks (REST-TRUTH §7), at most every 10 s. On a large cluster that is the dearest part,
 * and only a slower beat lowers it.
 */
const FETCH_MS_PER_TASK = 0.23;
/** Share of a core that the fetch may take before a JobManager that has other work gets a slower beat. */
const FETCH_SHARE_MAX = 0.02;
/** A JobManager that uses less of a core than this has room for the fetch. */
const BUSY_CORES = 0.3;
/** A verdict needs three readings within a minute, so the beat never gets slower than this for the fetch's sake. */
const STRETCH_MAX = 1.5;
/** Rounds between two looks at the CPU time of the JobManager. */
const ROUNDS_BETWEEN_CPU_TIMES = 3;

export const wantsJobManagerCpu = (round: number): boolean => round % ROUNDS_BETWEEN_CPU_TIMES === 0;

/** Time from one beat to the next on a cluster with so many tasks, whose JobManager uses so many cores, if that is known. */
export function beatMsFor(tasks: number, intervalMs: number, jobManagerCores: number | undefined): number {
  if (jobManagerCores !== undefined && jobManagerCores < BUSY_CORES) return intervalMs;
  const neededMs = (tasks * FETCH_MS_PER_TASK) / FETCH_SHARE_MAX;
  return Math.round(Math.min(STRETCH_MAX * intervalMs, Math.max(intervalMs, neededMs)));
}

/** 1 over the golden ratio: its multiples, modulo 1, keep the widest gaps however many there are (Knuth, TAOCP 3, §6.4, theorem S). */
const GOLDEN_SHARE = (Math.sqrt(5) - 1) / 2;

/**
 * By which share of a beat (0 to 1) the `nth` cluster (from 0) reads apart from the first. Measured with twenty clusters of 50 jobs
 * of 10 × 100: the event loop is late by .6–.9 s in each beat when they read together, by .07–.16 s when apart; CPU is the same.
 */
export const beatShare = (nth: number): number => (nth * GOLDEN_SHARE) % 1;
