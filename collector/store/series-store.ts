import type { Checkpoint, JobException, JobState } from '../model/index.js';
import type { JobMetric, SeriesMetric, TaskManagerMetric, VertexMetric } from './series-metrics.js';

/** Figures of one row; a figure that is not known is left out, never 0 and never NaN. */
export type Figures<M extends string> = Readonly<Partial<Record<M, number>>>;

/** Which job a row belongs to. */
export interface JobKey {
  readonly cluster: string;
  readonly jobName: string;
  readonly jobId: string;
}

export interface SubtaskRow extends JobKey {
  readonly atMs: number;
  readonly vertexId: string;
  readonly subtask: number;
  readonly attempt: number;
  readonly figures: Figures<VertexMetric>;
}

/**
 * One reading of a whole vertex: of wide vertices in the beats in which their subtasks are not read. Each figure is what
 * the metric's `overSubtasks` makes of the subtasks: the busiest one, the sum of rates, the lowest watermark.
 */
export interface VertexRow extends JobKey {
  readonly atMs: number;
  readonly vertexId: string;
  readonly figures: Figures<VertexMetric>;
}

export interface TaskManagerRow {
  readonly cluster: string;
  readonly taskManagerId: string;
  readonly atMs: number;
  readonly figures: Figures<TaskManagerMetric>;
}

export interface JobRow extends JobKey {
  readonly atMs: number;
  readonly state: JobState;
  readonly figures: Figures<JobMetric>;
}

export interface CheckpointRow extends JobKey {
  readonly checkpoint: Checkpoint;
}

export interface ExceptionRow extends JobKey {
  readonly exception: JobException;
}

/** Something that happened to a job. `kind` says what, e.g. `state`, `restart`, `new-job-id`, `finding-opened`. */
export interface JobEvent extends JobKey {
  readonly atMs: number;
  readonly kind: JobEventKind;
  /** One short line for a person, e.g. `RUNNING → RESTARTING`. */
  readonly text: string;
  /** What the event is about: a finding id, a recommendation id. */
  readonly ref?: string;
}

export type JobEventKind =
  | 'state'
  | 'restart'
  | 'failure'
  | 'new-job-id'
  | 'rescale'
  | 'configuration'
  | 'version'
  | 'checkpoint-failed'
  | 'savepoint'
  | 'savepoint-failed'
  | 'finding-opened'
  | 'finding-closed'
  | 'recommendation'
  | 'snooze';

/** Rows to be gone through, as an array or as something that makes them on the way. */
export interface Rows<R> extends Iterable<R> {
  readonly length: number;
}

/** What one round of a cluster adds, or a part of it. */
export interface SeriesBatch {
  readonly subtasks: Rows<SubtaskRow>;
  readonly vertices: readonly VertexRow[];
  readonly taskManagers: readonly TaskManagerRow[];
  readonly jobs: readonly JobRow[];
  readonly checkpoints: readonly CheckpointRow[];
  readonly exceptions: readonly ExceptionRow[];
  readonly events: readonly JobEvent[];
}

/** A job by name (all its ids) or by one id. One of the two is given, or neither for a TaskManager's series. */
export interface JobSelector {
  readonly cluster: string;
  readonly jobName?: string;
  readonly jobId?: string;
}

export interface SeriesQuery extends JobSelector {
  readonly metric: SeriesMetric;
  /** For a vertex metric; without `subtask` the vertex as a whole (max or sum over subtasks, by metric). */
  readonly vertexId?: string;
  readonly subtask?: number;
  /** For a TaskManager metric. */
  readonly taskManagerId?: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Wanted number of points, at most `MAX_POINTS`. */
  readonly points: number;
}

/** `atMs` is the start of its bucket; `null` says that nothing was read there: a gap. */
export interface SeriesPoint {
  readonly atMs: number;
  readonly value: number | null;
}

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * A JSON record kept by job and time: reports, recommendations, snoozes. `body` is JSON text; its owner decodes it.
 * Saved again for the same job, kind and time it replaces what was there.
 */
export interface ReportRecord {
  readonly cluster: string;
  readonly jobName: string;
  readonly jobId: string;
  readonly atMs: number;
  /** What the record is, e.g. `analysis`, `weekly`. */
  readonly kind: string;
  readonly body: string;
}

export interface ReportQuery extends TimeRange {
  readonly cluster?: string;
  readonly jobName?: string;
  readonly jobId?: string;
  readonly kind?: string;
}

export interface StoredJob extends JobKey {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly lastState: JobState;
}

/** All that one call adds; it is kept whole or not at all. */
export interface StoredBatch extends SeriesBatch {
  readonly reports: readonly ReportRecord[];
}

export interface StoreHealth {
  readonly kind: 'memory' | 'duckdb' | 'influx' | 'victoriametrics';
  /** False while writing fails; `lastError` says why. */
  readonly ok: boolean;
  readonly lastError?: string;
  readonly queuedRows: number;
  /** Rows thrown away since start: the queue was full, or the server would not have them. */
  readonly droppedRows: number;
  readonly writtenRows: number;
  readonly lastFlushMs?: number;
  /** Seconds the last flush took. */
  readonly lastFlushSeconds?: number;
  /** What the store's files take on disk; missing where it has none. */
  readonly diskBytes?: number;
  /** Files that could not be opened and were moved aside. */
  readonly damagedFiles: readonly DamagedFile[];
}

export interface DamagedFile {
  /** Name of the file as moved aside. */
  readonly movedTo: string;
  readonly reason: string;
  readonly atMs: number;
}

/**
 * Keeps series and records beyond the hot window. `append` and the like never block and never throw: batches wait in a
 * bounded queue, and the oldest are dropped and counted when it is full. They answer true once the batch is durable and
 * false when it was thrown away; who does not care need not wait. Queries see what has been flushed. Query methods reject
 * only when the store itself is broken.
 */
export interface SeriesStore {
  append(batch: SeriesBatch): Promise<boolean>;
  appendEvents(events: readonly JobEvent[]): Promise<boolean>;
  /** Down-sampled, oldest first. */
  series(query: SeriesQuery): Promise<readonly SeriesPoint[]>;
  /** Several at once, in the order asked; cheaper than one by one where they share metric and time. */
  seriesOf(queries: readonly SeriesQuery[]): Promise<readonly (readonly SeriesPoint[])[]>;
  /** Oldest first, by trigger time; each checkpoint once, as last known. */
  checkpoints(job: JobSelector, range: TimeRange): Promise<readonly Checkpoint[]>;
  exceptions(job: JobSelector, range: TimeRange): Promise<readonly JobException[]>;
  /** Without `jobName` and `jobId`: of the whole cluster. */
  events(job: JobSelector, range: TimeRange): Promise<readonly JobEvent[]>;
  saveReport(report: ReportRecord): Promise<boolean>;
  /** Oldest first. */
  loadReports(query: ReportQuery): Promise<readonly ReportRecord[]>;
  /** Jobs with samples in the range. */
  jobs(range: TimeRange): Promise<readonly StoredJob[]>;
  /** Forgets samples before `ms` (whole units only, e.g. days); records and roll-ups have their own retention. */
  dropBefore(ms: number): Promise<void>;
  health(): StoreHealth;
  /** Writes what is queued. */
  flush(): Promise<void>;
  /** Flushes and closes. */
  close(): Promise<void>;
}
