import {
  JOB_METRICS,
  TASK_MANAGER_METRICS,
  VERTEX_METRICS,
  type JobMetric,
  type TaskManagerMetric,
  type VertexMetric,
} from './series-metrics.js';
import type {
  CheckpointRow,
  ExceptionRow,
  JobEvent,
  JobRow,
  ReportRecord,
  SubtaskRow,
  TaskManagerRow,
} from './series-store.js';

export type Cell = string | number | boolean | undefined;
export type ColumnType = 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'VARCHAR' | 'BOOLEAN';

/** A table of the embedded store, and how a row becomes its cells. */
export interface Table<R> {
  readonly name: string;
  readonly columns: readonly Column<R>[];
  /** `day`: in the file of the row's day; `records`: in the file that is kept long. */
  readonly file: 'day' | 'records';
  atMs(row: R): number;
}

interface Column<R> {
  readonly name: string;
  readonly type: ColumnType;
  get(row: R): Cell;
}

function column<R>(name: string, type: ColumnType, get: (row: R) => Cell): Column<R> {
  return { name, type, get };
}

/** `busyRatio` → `busy_ratio` */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// Object.keys of a const object has exactly its keys.
const vertexMetrics = Object.keys(VERTEX_METRICS) as readonly VertexMetric[];
const taskManagerMetrics = Object.keys(TASK_MANAGER_METRICS) as readonly TaskManagerMetric[];
const jobMetrics = Object.keys(JOB_METRICS) as readonly JobMetric[];

interface HasJob {
  readonly cluster: string;
  readonly jobName: string;
  readonly jobId: string;
}

const jobColumns = <R extends HasJob>(): readonly Column<R>[] => [
  column('cluster', 'VARCHAR', (row) => row.cluster),
  column('job_name', 'VARCHAR', (row) => row.jobName),
  column('job_id', 'VARCHAR', (row) => row.jobId),
];

export const SUBTASK_TABLE: Table<SubtaskRow> = {
  name: 'subtask_samples',
  file: 'day',
  atMs: (row) => row.atMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.atMs),
    ...jobColumns<SubtaskRow>(),
    column('vertex_id', 'VARCHAR', (row) => row.vertexId),
    column('subtask', 'INTEGER', (row) => row.subtask),
    column('attempt', 'INTEGER', (row) => row.attempt),
    ...vertexMetrics.map((metric) => column<SubtaskRow>(snake(metric), 'DOUBLE', (row) => row.figures[metric])),
  ],
};

export const TASK_MANAGER_TABLE: Table<TaskManagerRow> = {
  name: 'task_manager_samples',
  file: 'day',
  atMs: (row) => row.atMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.atMs),
    column('cluster', 'VARCHAR', (row) => row.cluster),
    column('task_manager_id', 'VARCHAR', (row) => row.taskManagerId),
    ...taskManagerMetrics.map((metric) =>
      column<TaskManagerRow>(snake(metric), 'DOUBLE', (row) => row.figures[metric]),
    ),
  ],
};

export const JOB_TABLE: Table<JobRow> = {
  name: 'job_samples',
  file: 'day',
  atMs: (row) => row.atMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.atMs),
    ...jobColumns<JobRow>(),
    column('state', 'VARCHAR', (row) => row.state),
    ...jobMetrics.map((metric) => column<JobRow>(snake(metric), 'DOUBLE', (row) => row.figures[metric])),
  ],
};

export const CHECKPOINT_TABLE: Table<CheckpointRow> = {
  name: 'checkpoints',
  file: 'records',
  atMs: (row) => row.checkpoint.triggerMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.checkpoint.triggerMs),
    ...jobColumns<CheckpointRow>(),
    column('id', 'BIGINT', (row) => row.checkpoint.id),
    column('status', 'VARCHAR', (row) => row.checkpoint.status),
    column('is_savepoint', 'BOOLEAN', (row) => row.checkpoint.isSavepoint),
    column('latest_ack_ms', 'BIGINT', (row) => row.checkpoint.latestAckMs),
    column('duration_ms', 'DOUBLE', (row) => row.checkpoint.durationMs),
    column('state_size_bytes', 'DOUBLE', (row) => row.checkpoint.stateSizeBytes),
    column('checkpointed_size_bytes', 'DOUBLE', (row) => row.checkpoint.checkpointedSizeBytes),
    column('processed_bytes', 'DOUBLE', (row) => row.checkpoint.processedBytes),
    column('persisted_bytes', 'DOUBLE', (row) => row.checkpoint.persistedBytes),
    column('subtasks', 'INTEGER', (row) => row.checkpoint.subtasks),
    column('acknowledged_subtasks', 'INTEGER', (row) => row.checkpoint.acknowledgedSubtasks),
    column('failure_ms', 'BIGINT', (row) => row.checkpoint.failureMs),
    column('failure_message', 'VARCHAR', (row) => row.checkpoint.failureMessage),
  ],
};

/** Phases are many and soon of no interest, so they go with the day. */
export const CHECKPOINT_DETAILS_TABLE: Table<CheckpointRow> = {
  name: 'checkpoint_details',
  file: 'day',
  atMs: (row) => row.checkpoint.triggerMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.checkpoint.triggerMs),
    ...jobColumns<CheckpointRow>(),
    column('id', 'BIGINT', (row) => row.checkpoint.id),
    column('details', 'VARCHAR', (row) => JSON.stringify(row.checkpoint.details ?? [])),
  ],
};

export const EXCEPTION_TABLE: Table<ExceptionRow> = {
  name: 'exceptions',
  file: 'records',
  atMs: (row) => row.exception.atMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.exception.atMs),
    ...jobColumns<ExceptionRow>(),
    column('exception_name', 'VARCHAR', (row) => row.exception.exceptionName),
    column('stacktrace', 'VARCHAR', (row) => row.exception.stacktrace),
    column('task_name', 'VARCHAR', (row) => row.exception.taskName),
    column('task_manager_id', 'VARCHAR', (row) => row.exception.taskManagerId),
    column('concurrent', 'BOOLEAN', (row) => row.exception.concurrent),
  ],
};

export const EVENT_TABLE: Table<JobEvent> = {
  name: 'events',
  file: 'records',
  atMs: (row) => row.atMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.atMs),
    ...jobColumns<JobEvent>(),
    column('kind', 'VARCHAR', (row) => row.kind),
    column('text', 'VARCHAR', (row) => row.text),
    column('ref', 'VARCHAR', (row) => row.ref),
  ],
};

export const REPORT_TABLE: Table<ReportRecord> = {
  name: 'reports',
  file: 'records',
  atMs: (row) => row.atMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.atMs),
    ...jobColumns<ReportRecord>(),
    column('kind', 'VARCHAR', (row) => row.kind),
    column('body', 'VARCHAR', (row) => row.body),
  ],
};

/** What the rest of the store knows of a table: its columns, without the row type. */
export interface TableShape {
  readonly name: string;
  readonly file: 'day' | 'records';
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
}

export const DAY_TABLES: readonly TableShape[] = [
  SUBTASK_TABLE,
  TASK_MANAGER_TABLE,
  JOB_TABLE,
  CHECKPOINT_DETAILS_TABLE,
];
export const RECORD_TABLES: readonly TableShape[] = [CHECKPOINT_TABLE, EXCEPTION_TABLE, EVENT_TABLE, REPORT_TABLE];
