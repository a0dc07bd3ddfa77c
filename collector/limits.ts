/** Beat of a cluster's rounds; Flink refreshes its metrics every 10 s, so a faster beat reads the same values again. */
export const DEFAULT_INTERVAL_MS = 10_000;
export const DEFAULT_MAX_REQUESTS_PER_SECOND = 20;

/** How long a vertex is read in every beat after somebody looked at it or a verdict asked for it. */
export const FOCUS_MS = 60_000;

/** How far back the readings of subtasks are held in memory: skew looks at ten minutes. */
export const SUBTASK_HOT_MS = 11 * 60_000;
/** Minutes of a vertex that are held for verdicts about size. */
export const MAX_HOT_MINUTES = 45;
/** How far back other readings are held in memory. */
export const HOT_WINDOW_MS = 45 * 60_000;
/** Readings of one vertex or TaskManager in memory. */
export const MAX_HOT_SAMPLES = 360;
/** Rounds, states, restarts and cluster sizes remembered per job or cluster. */
export const MAX_HOT_RECORDS = 360;
/** Readings held of one of the metrics that are asked now and then. */
export const MAX_EXTRA_READINGS = 10;
export const MAX_EXCEPTIONS_PER_JOB = 200;
export const MAX_CHECKPOINTS_PER_JOB = 300;
/**
 * Checkpoints whose per-subtask phases are held: rules look at the last five, growth of state at four or more. Each costs
 * 140 bytes a subtask.
 */
export const MAX_DETAILED_CHECKPOINTS_PER_JOB = 20;
/** The same of all its checkpoints together, where that is less, but for the newest five: a job of 256 subtasks holds 20, one of 1,024 five. */
export const MAX_DETAILED_SUBTASKS_PER_JOB = 5_120;
export const MIN_DETAILED_CHECKPOINTS_PER_JOB = 5;

/** How long an ended or vanished job is shown as last known. Flink forgets it after the same time. */
export const ENDED_JOB_KEPT_MS = 60 * 60_000;
/** The same for jobs of a History Server: whoever keeps one wants to see them longer. */
export const ARCHIVED_JOB_KEPT_MS = 24 * 60 * 60_000;
/** Beat of a History Server's rounds: what it has does not change, and it looks for new jobs every 10 s itself. */
export const HISTORY_SERVER_INTERVAL_MS = 30_000;
/** Ended jobs held per cluster: a cluster that runs short batch jobs all day must not fill the memory. */
export const MAX_ENDED_JOBS = 200;
/** Ended jobs that are read for the first time in one round. */
export const MAX_ENDED_JOBS_READ_PER_ROUND = 5;
/** Jobs read at the same time, so that the readings of one job lie close together. */
export const MAX_JOBS_AT_ONCE = 2;
/** Rows of subtasks after which a round hands over what it has: what a store writes in one go. */
export const ROWS_PER_PART = 20_000;

/** Longest wait between tries of a cluster that does not answer. */
export const MAX_BACK_OFF_MS = 120_000;
/** The wait is spread by this share in both directions, so that many collectors do not knock together. */
export const BACK_OFF_JITTER = 0.2;
