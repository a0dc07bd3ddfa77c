import type { JobState } from '../model/index.js';
import { offsetOf } from './offset.js';

/** Rounds between two looks at the overview, 2.3 ms for 768 tasks: the list of TaskManagers tells all of it but Flink's version. */
const ROUNDS_BETWEEN_OVERVIEWS = 30;

/** Whether to read the overview: also at first, and when the cluster has come back, perhaps as another version. */
export const wantsOverview = (isKnown: boolean, round: number): boolean =>
  !isKnown || round % ROUNDS_BETWEEN_OVERVIEWS === 0;

/** The counters of the job's own metrics: asked in every round, they tell whether dearer pages have changed. */
export const JOB_METRIC_IDS = [
  'numRestarts',
  'numberOfCompletedCheckpoints',
  'numberOfFailedCheckpoints',
  'numberOfInProgressCheckpoints',
] as const;

/** Rounds between two looks at the checkpoints of a job whose counters stand still. */
const ROUNDS_BETWEEN_CHECKPOINTS = 6;

export interface CheckpointCounters {
  readonly completed: number;
  readonly failed: number;
  readonly inProgress: number;
}

/**
 * Whether to read the list of checkpoints: one has ended or is under way, or nothing tells. A job that fell may have fallen with
 * them, and its counters come up to ten seconds after the exception.
 */
export function wantsCheckpoints(
  round: number,
  before: CheckpointCounters | undefined,
  now: CheckpointCounters | undefined,
  hasMoved: boolean,
): boolean {
  if (hasMoved || before === undefined || now === undefined || now.inProgress > 0) return true;
  return before.completed !== now.completed || before.failed !== now.failed || round % ROUNDS_BETWEEN_CHECKPOINTS === 0;
}

/** Rounds between two looks at configuration, which changes only with a new deployment. */
export const ROUNDS_BETWEEN_CONFIGURATIONS = 30;
/** Rounds between two looks for metrics that a source has not registered. */
const ROUNDS_BETWEEN_METRIC_LISTS = 30;
/** A source registers `pendingRecords` with its first split, seconds after its other metrics: a list in between lacks it. */
const ROUNDS_OF_LATE_METRICS = 12;

/** Rounds between two looks at the watermarks of vertices with inputs: they trail those of the sources. */
const ROUNDS_BETWEEN_WATERMARKS = 6;

/**
 * Whether to ask one of them now. `askedRound`: when it was last asked; a vertex of a wide job is read every sixth round
 * too, and by the job's turn alone the two might never meet.
 */
export const wantsWatermarks = (jobId: string, round: number, askedRound: number | undefined): boolean =>
  askedRound === undefined ||
  (round + offsetOf(jobId)) % ROUNDS_BETWEEN_WATERMARKS === 0 ||
  round - askedRound >= ROUNDS_BETWEEN_WATERMARKS;

/** Whether to ask a source for its metric names once more: `round` counts from the first list that was not empty. */
export const wantsMetricListAgain = (round: number): boolean =>
  round <= ROUNDS_OF_LATE_METRICS || round % ROUNDS_BETWEEN_METRIC_LISTS === 0;

const ENDED: ReadonlySet<JobState> = new Set(['FAILED', 'CANCELED', 'FINISHED']);
const UNSETTLED: ReadonlySet<JobState> = new Set(['RESTARTING', 'FAILING', 'FAILED']);

/** A state Flink never leaves again. `SUSPENDED` is left by another JobManager. */
export const isEnded = (state: JobState): boolean => ENDED.has(state);

export interface JobTurnState {
  readonly state: JobState;
  /** Rounds in which this job was read, this one not counted. */
  readonly round: number;
  /** The state, an attempt or the number of restarts is another one than a round ago. */
  readonly hasMoved: boolean;
  /** The job's page was read in this round: its exceptions come from the same copy of the graph. */
  readonly hasReadPage: boolean;
}

/** Whether to read the exceptions now. */
export function wantsExceptions(job: JobTurnState): boolean {
  return job.round === 0 || job.hasMoved || job.hasReadPage || UNSETTLED.has(job.state);
}

/** While a job initialises, Flink's checkpoint pages answer zeros, "Unknown" or 500 (REST-TRUTH §1.3). */
export const hasCheckpointPages = (state: JobState): boolean => state !== 'INITIALIZING';
