import type { Frame } from './frames.js';

/** Flink's job states (`org.apache.flink.api.common.JobStatus`); a word this Weir does not know becomes `UNKNOWN`. */
export const JOB_STATES = [
  'INITIALIZING',
  'CREATED',
  'RUNNING',
  'FAILING',
  'FAILED',
  'CANCELLING',
  'CANCELED',
  'FINISHED',
  'RESTARTING',
  'SUSPENDED',
  'RECONCILING',
  'UNKNOWN',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Flink's task states (`ExecutionState`). */
export const TASK_STATES = [
  'CREATED',
  'SCHEDULED',
  'DEPLOYING',
  'INITIALIZING',
  'RUNNING',
  'FINISHED',
  'CANCELING',
  'CANCELED',
  'FAILED',
  'RECONCILING',
  'UNKNOWN',
] as const;
export type TaskState = (typeof TASK_STATES)[number];
export type TaskCounts = Readonly<Partial<Record<TaskState, number>>>;

/** One line of `GET /jobs/overview`. */
export interface JobSummary {
  readonly jobId: string;
  readonly name: string;
  readonly state: JobState;
  readonly startMs: number;
  readonly endMs?: number;
  readonly lastModifiedMs: number;
  readonly tasks: TaskCounts;
}

/** How records go over an edge of the job graph; Flink's `ship_strategy`. */
export type ShipStrategy =
  'FORWARD' | 'HASH' | 'REBALANCE' | 'RESCALE' | 'BROADCAST' | 'GLOBAL' | 'SHUFFLE' | 'CUSTOM' | 'UNKNOWN';

export interface Edge {
  readonly fromVertexId: string;
  readonly toVertexId: string;
  readonly shipStrategy: ShipStrategy;
  /** A blocking exchange carries no backpressure. */
  readonly blocking: boolean;
}

/** A vertex in `GET /jobs/:id`: sums over its subtasks. */
export interface VertexSummary {
  readonly vertexId: string;
  /** Exactly Flink's name. Hostile text: escape where it is shown. */
  readonly name: string;
  /** Missing while an adaptive scheduler has not decided (Flink says -1). */
  readonly parallelism?: number;
  readonly maxParallelism?: number;
  readonly tasks: TaskCounts;
  readonly startMs?: number;
  readonly slotSharingGroupId?: string;
  readonly recordsIn?: number;
  readonly recordsOut?: number;
  /** Accumulated times of all subtasks together (1.16+). */
  readonly busyMs?: number;
  readonly idleMs?: number;
  readonly backPressuredMs?: number;
}

/** Whether every task of a vertex runs; never of one whose parallelism is not decided. */
export const allTasksRun = ({ tasks, parallelism }: Pick<VertexSummary, 'tasks' | 'parallelism'>): boolean =>
  parallelism !== undefined && tasks.RUNNING === parallelism;

/**
 * One reading of a whole vertex, from Flink's own summary over its subtasks: gauges, so means of the last minute
 * (1.17+; before, of the last 5 s). Ratios are 0–1. Taken in the beats in which a wide vertex is not read subtask by subtask.
 */
export interface VertexReading {
  readonly atMs: number;
  readonly busyMaxRatio?: number;
  readonly busyMeanRatio?: number;
  readonly backPressuredMaxRatio?: number;
  readonly backPressuredMeanRatio?: number;
  /** Of all subtasks together. */
  readonly recordsInPerSecond?: number;
  readonly recordsOutPerSecond?: number;
  /** Source readers only: records known to all readers and not yet read. */
  readonly pendingRecords?: number;
  /** Lowest input watermark of the subtasks. */
  readonly watermarkMs?: number;
}

/** One look at a metric over all subtasks that have it. */
export interface MetricReading {
  readonly atMs: number;
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly sum?: number;
}

/** One minute of a vertex in which all its subtasks were read: what its busiest subtask did, and all together. */
export interface VertexMinute {
  readonly startMs: number;
  readonly busyMaxRatio?: number;
  readonly backPressuredMaxRatio?: number;
  readonly recordsInPerSecond?: number;
  readonly recordsOutPerSecond?: number;
}

/** `GET /jobs/:id`. */
export interface JobDetail {
  readonly jobId: string;
  readonly name: string;
  readonly state: JobState;
  readonly type: 'STREAMING' | 'BATCH' | 'UNKNOWN';
  readonly startMs: number;
  readonly endMs?: number;
  /** When the job last entered each state; a state never entered is missing. */
  readonly stateSinceMs: Readonly<Partial<Record<JobState, number>>>;
  readonly maxParallelism?: number;
  readonly vertices: readonly VertexSummary[];
  readonly edges: readonly Edge[];
}

/**
 * One reading of one subtask. Times and counts accumulate since the attempt began; a new `attempt` starts at 0.
 * Times are milliseconds, and their own sum is the clock (REST-TRUTH fact 1): never divide them by wall time.
 */
export interface SubtaskSample {
  readonly atMs: number;
  readonly state: TaskState;
  readonly attempt: number;
  /** When this attempt began. */
  readonly startMs?: number;
  /** When this attempt entered RUNNING, where Flink's `status-duration` tells it (1.16+). */
  readonly runningSinceMs?: number;
  readonly taskManagerId?: string;
  readonly busyMs?: number;
  readonly idleMs?: number;
  readonly backPressuredMs?: number;
  readonly recordsIn?: number;
  readonly recordsOut?: number;
  readonly bytesIn?: number;
  readonly bytesOut?: number;
  /** Event time in ms; missing when none was seen yet or the input has ended (Flink's sentinels). */
  readonly watermarkMs?: number;
  /** Source readers only: records known to the reader and not yet read. */
  readonly pendingRecords?: number;
}

/** `GET /jobs/:id/vertices/:vid`. */
export interface VertexDetail {
  readonly vertexId: string;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism?: number;
  readonly subtasks: readonly (SubtaskSample & { readonly subtask: number })[];
}

export interface SubtaskHistory {
  readonly subtask: number;
  /** Oldest first, all attempts of the last minutes; older readings are a minute apart. */
  readonly samples: readonly SubtaskSample[];
}

export interface VertexHistory extends VertexSummary {
  readonly subtasks: readonly SubtaskHistory[];
  /** The same readings figure by figure, where the collector holds them so: see `framesOf`. */
  readonly frames?: readonly Frame[];
  /** Something happens at it, or somebody looks at it: until then its subtasks are read in every beat. */
  readonly interestUntilMs?: number;
  /** Of the current attempt, oldest first. */
  readonly minutes: readonly VertexMinute[];
  /** Oldest first; missing for a vertex whose subtasks are read in every beat. */
  readonly readings?: readonly VertexReading[];
  /**
   * Metrics of its tasks, operators, connectors and state backends, by Flink's id (`Source__orders.watermarkLag`), where it has
   * them: a minute apart while something happens to the vertex, else five. Oldest first.
   */
  readonly metrics?: ReadonlyMap<string, readonly MetricReading[]>;
}

/** What an adaptive scheduler may give a vertex. */
export interface ParallelismRange {
  readonly lower: number;
  /** Missing: up to the vertex's max parallelism. */
  readonly upper?: number;
}

/** One rescale as an adaptive scheduler keeps it (2.3+). The words are Flink's. */
export interface Rescale {
  readonly id: string;
  readonly startMs: number;
  /** Missing while it is under way. */
  readonly endMs?: number;
  /** `COMPLETED`, `FAILED`, `IGNORED`. */
  readonly outcome?: string;
  /** `INITIAL_SCHEDULE`, `UPDATE_REQUIREMENT`, `NEW_RESOURCE_AVAILABLE`, `RECOVERABLE_FAILOVER`. */
  readonly cause?: string;
  /** `SUCCEEDED`, `EXCEPTION_OCCURRED`, `NO_RESOURCES_OR_PARALLELISMS_CHANGE`, … */
  readonly reason?: string;
}

/** One entry of the exception history, or a concurrent one below it. */
export interface JobException {
  readonly atMs: number;
  /** Class of the entry as Flink names it. */
  readonly exceptionName: string;
  readonly stacktrace: string;
  readonly taskName?: string;
  readonly taskManagerId?: string;
  /** True for an entry under `concurrentExceptions`. */
  readonly concurrent: boolean;
}
