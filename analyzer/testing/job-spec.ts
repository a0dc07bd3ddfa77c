import type {
  CheckpointConfig,
  GarbageCollector,
  JobHistory,
  JobState,
  MetricReading,
  ShipStrategy,
  TaskState,
} from '../../collector/model/index.js';

/** A figure: the same for all subtasks, one for each, or a function of the seconds since the tasks run. */
export type Figure = number | readonly number[] | ((seconds: number, subtask: number) => number);

/** One look at a metric over all subtasks: one figure for sum, mean and extremes alike, or each by itself. */
export type MetricLook = number | Omit<MetricReading, 'atMs'>;

/** The same at every look, a function of the seconds, or the last looks one by one. */
export type MetricSpec = number | ((seconds: number) => MetricLook) | readonly MetricLook[];

/** One vertex, by its figures. Ratios are 0–1; records are per second and subtask. What is left out is calm. */
export interface VertexSpec {
  readonly parallelism: number;
  readonly name?: string;
  readonly maxParallelism?: number;
  /** Where its records come from, and how they are shipped. None: a source. */
  readonly inputs?: Readonly<Record<string, ShipStrategy>>;
  /** Its inputs are blocking exchanges. */
  readonly blocking?: boolean;
  /** `unknown`: a legacy source, whose busy is the text NaN. */
  readonly busy?: Figure | 'unknown';
  readonly bp?: Figure;
  readonly in?: Figure;
  /** Default: `in` where something is downstream, else 0 (Flink counts no output of a sink). */
  readonly out?: Figure;
  /** Sources: records waiting at the start and their growth per second, over all subtasks; or a function of time. */
  readonly lag?: readonly [records: number, perSecond: number] | ((seconds: number) => number);
  /** Sources: records that wait for each reader, where its partitions differ; instead of `lag`. */
  readonly waiting?: Figure;
  /** Sources: readers that tell no waiting records, as one without a partition does. */
  readonly noSplit?: readonly number[];
  /** Milliseconds of event time since the tasks run; undefined before the first watermark. */
  readonly watermark?: (seconds: number, subtask: number) => number | undefined;
  /** Its tasks are done, as those of a bounded source. */
  readonly finished?: boolean;
  /** Metrics of its operators by Flink's id, read once a minute. */
  readonly metrics?: Readonly<Record<string, MetricSpec>>;
  /** Index of the TaskManager of each subtask. Default: all on the first. */
  readonly on?: readonly number[];
  readonly slotSharingGroup?: string;
  /** Its subtasks are read once in so many steps of ten seconds, as those of a calm wide vertex are. */
  readonly readEvery?: number;
}

/** One TaskManager. Sizes in MiB; `cores` are those it uses, `hostCores` those of its machine. */
export interface TaskManagerSpec {
  readonly host?: string;
  readonly slots?: number;
  readonly slotsFree?: number;
  readonly hostCores?: number;
  /** `unknown`: Flink tells no CPU time. */
  readonly cores?: number | 'unknown';
  readonly gcRatio?: number;
  readonly youngPerSecond?: number;
  readonly fullPerSecond?: number;
  readonly collector?: string;
  readonly heap?: { readonly low: number; readonly high: number; readonly max: number };
  readonly managed?: { readonly used: number; readonly total: number };
  /** Heap in use by seconds, in MiB, instead of the saw tooth. */
  readonly heapAt?: (seconds: number) => number;
  /** Counters of its collectors by seconds, instead of those of G1. */
  readonly collectorsAt?: (seconds: number) => readonly GarbageCollector[];
  /** Network buffers of 32 KiB. */
  readonly buffers?: { readonly total: number; readonly free: number };
  /** MiB; not told unless given. */
  readonly metaspace?: { readonly used: number; readonly size: number };
  /** Metaspace in use by seconds, in MiB, instead of always the same. */
  readonly metaspaceAt?: (seconds: number) => number;
  readonly processMib?: number;
  /** Its metric lists are empty, as in the first half minute of a TaskManager. */
  readonly silent?: boolean;
  /** Seconds after which it is gone from the cluster's list. */
  readonly goneAt?: number;
}

/** Milliseconds of one subtask in the phases of a checkpoint, and what it wrote. */
export interface PhaseSpec {
  readonly start?: number;
  readonly align?: number;
  readonly sync?: number;
  readonly async?: number;
  readonly bytes?: number;
}

export interface CheckpointSpec {
  /** Seconds since the tasks run; default: 40, 60, 80 … */
  readonly at?: number;
  /** By vertex: the same for all its subtasks, or one for each. */
  readonly phases?: Readonly<Record<string, PhaseSpec | readonly PhaseSpec[]>>;
  readonly failed?: string;
  /** Vertices none of whose subtasks acknowledged. */
  readonly silent?: readonly string[];
  readonly savepoint?: boolean;
  /** Without phases: how long it took. */
  readonly durationMs?: number;
  /** State in all; default: what the phases wrote. */
  readonly stateBytes?: number;
  /** What it wrote (1.15+). */
  readonly writtenBytes?: number;
  /** In-flight data of an unaligned one. */
  readonly persistedBytes?: number;
}

export interface ExceptionSpec {
  /** Seconds since the tasks run. */
  readonly at: number;
  readonly trace: string;
  readonly task?: string;
  readonly taskManager?: string;
  readonly concurrent?: boolean;
}

/** A job and its cluster, by what differs from a calm one. */
export interface JobSpec {
  readonly vertices: Readonly<Record<string, VertexSpec>>;
  readonly taskManagers?: readonly TaskManagerSpec[];
  /** `major.minor.patch`. */
  readonly flink?: string;
  readonly name?: string;
  /** Ten-second readings after the first one; default 30, five minutes. */
  readonly samples?: number;
  /** When the tasks reached RUNNING, in ms since the epoch. */
  readonly startMs?: number;
  readonly attempt?: number;
  readonly state?: JobState;
  /** Seconds since the start of the readings when the job entered its state. */
  readonly stateSince?: number;
  readonly batch?: boolean;
  /** State of all tasks; anything but RUNNING has no figures. */
  readonly tasks?: TaskState;
  /** `none`: no settings could be read. `off`: they say that there are no periodic checkpoints. */
  readonly checkpointing?: Partial<CheckpointConfig> | 'none' | 'off';
  readonly checkpoints?: readonly CheckpointSpec[];
  readonly exceptions?: readonly ExceptionSpec[];
  /** `numRestarts` as a function of time. */
  readonly restarts?: (seconds: number) => number;
  readonly slots?: { readonly total: number; readonly free: number | ((seconds: number) => number) };
  readonly configuration?: Readonly<Record<string, string>>;
  readonly jobsOnCluster?: number;
  /** Anything else that the collector would have kept. */
  readonly history?: Partial<JobHistory>;
  /** Endpoints that could not be read. */
  readonly missing?: readonly string[];
  readonly reachable?: boolean;
}

/** 1 January 2026, when the tasks of every built job reach RUNNING unless told otherwise. */
export const START_MS = 1_767_225_600_000;
export const STEP_MS = 10_000;
export const MIB = 1024 * 1024;

export function secondsOf(spec: JobSpec): readonly number[] {
  return Array.from({ length: (spec.samples ?? 30) + 1 }, (_, i) => (i * STEP_MS) / 1000);
}

export function figureAt(figure: Figure | undefined, seconds: number, subtask: number): number {
  if (figure === undefined) return 0;
  if (typeof figure === 'number') return figure;
  return typeof figure === 'function' ? figure(seconds, subtask) : (figure[subtask] ?? 0);
}
