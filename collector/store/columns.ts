import {
  JOB_METRICS,
  TASK_MANAGER_METRICS,
  VERTEX_METRICS,
  type MetricShape,
  type JobMetric,
  type TaskManagerMetric,
  type VertexMetric,
} from './series-metrics.js';
import type {
  CheckpointRow,
  ExceptionRow,
  JobEvent,
  JobKey,
  JobRow,
  ReportRecord,
  Rows,
  StoredBatch,
  SubtaskRow,
  TaskManagerRow,
  VertexRow,
} from './series-store.js';

export type Cell = string | number | boolean | undefined;
export type ColumnType = 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'VARCHAR' | 'BOOLEAN';

/** A vertex of a job; the embedded store writes it as a number. */
export interface VertexKey extends JobKey {
  readonly vertexId: string;
}
export type VertexNumber = (vertex: VertexKey) => number;

/** A table of the embedded store, and how a row becomes its cells. */
export interface Table<R> {
  readonly name: string;
  readonly columns: readonly Column<R>[];
  /** `day`: goes with the file of its day; `records`: is kept long. */
  readonly file: 'day' | 'records';
  rowsOf(batch: StoredBatch): Rows<R>;
  atMs(row: R): number;
}

interface Column<R> {
  readonly name: string;
  readonly type: ColumnType;
  get(row: R, vertexNumber: VertexNumber): Cell;
}

function column<R>(name: string, type: ColumnType, get: Column<R>['get']): Column<R> {
  return { name, type, get };
}

const RATE_DECIMALS = 1;
const SLOW_RATE_DECIMALS = 3;
const DECIMALS: Readonly<Record<MetricShape['unit'], number>> = {
  ratio: 4,
  'records/s': RATE_DECIMALS,
  'bytes/s': 0,
  records: 0,
  ms: 0,
  bytes: 0,
  cores: 3,
  count: 0,
};

const SLOW_RATE = 10;

/**
 * As many decimals as the figure is good for: a ratio to 0.01 %, a rate to 0.1/s, a slow one to 0.001/s. DuckDB packs doubles
 * with few decimals (ALP) into a quarter of those with noise in the last digits.
 */
function rounded(unit: MetricShape['unit']): (value: number | undefined) => number | undefined {
  const scale = 10 ** DECIMALS[unit];
  const slowScale = unit.endsWith('/s') ? 10 ** SLOW_RATE_DECIMALS : scale;
  return (value) => {
    if (value === undefined) return undefined;
    const by = value < SLOW_RATE ? slowScale : scale;
    return Math.round(value * by) / by;
  };
}

/** `busyRatio` → `busy_ratio` */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// Object.keys of a const object has exactly its keys.
const vertexMetrics = Object.keys(VERTEX_METRICS) as readonly VertexMetric[];
const taskManagerMetrics = Object.keys(TASK_MANAGER_METRICS) as readonly TaskManagerMetric[];
const jobMetrics = Object.keys(JOB_METRICS) as readonly JobMetric[];

/** A figure of a vertex or subtask with as many decimals as are kept of it. */
export const keptDecimals = (metric: VertexMetric): ((value: number) => number | undefined) =>
  rounded(VERTEX_METRICS[metric].unit);

/** A metric as a column. */
function figure<R>(metric: string, unit: MetricShape['unit'], get: (row: R) => number | undefined): Column<R> {
  const round = rounded(unit);
  return column(snake(metric), 'DOUBLE', (row) => round(get(row)));
}

const jobColumns = <R extends JobKey>(): readonly Column<R>[] => [
  column('cluster', 'VARCHAR', (row) => row.cluster),
  column('job_name', 'VARCHAR', (row) => row.jobName),
  column('job_id', 'VARCHAR', (row) => row.jobId),
];

const vertexColumn = <R extends VertexKey>(): Column<R> =>
  column('vertex', 'INTEGER', (row, vertexNumber) => vertexNumber(row));

const vertexFigures = <R extends VertexRow>(): readonly Column<R>[] =>
  vertexMetrics.map((metric) => figure(metric, VERTEX_METRICS[metric].unit, (row) => row.figures[metric]));

export const SUBTASK_TABLE: Table<SubtaskRow> = {
  name: 'subtask_samples',
  file: 'day',
  rowsOf: (batch) => batch.subtasks,
  atMs: (row) => row.atMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.atMs),
    vertexColumn(),
    column('subtask', 'INTEGER', (row) => row.subtask),
    column('attempt', 'INTEGER', (row) => row.attempt),
    ...vertexFigures<SubtaskRow>(),
  ],
};

export const VERTEX_TABLE: Table<VertexRow> = {
  name: 'vertex_samples',
  file: 'day',
  rowsOf: (batch) => batch.vertices,
  atMs: (row) => row.atMs,
  columns: [column('at_ms', 'BIGINT', (row) => row.atMs), vertexColumn(), ...vertexFigures<VertexRow>()],
};

export const TASK_MANAGER_TABLE: Table<TaskManagerRow> = {
  name: 'task_manager_samples',
  file: 'day',
  rowsOf: (batch) => batch.taskManagers,
  atMs: (row) => row.atMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.atMs),
    column('cluster', 'VARCHAR', (row) => row.cluster),
    column('task_manager_id', 'VARCHAR', (row) => row.taskManagerId),
    ...taskManagerMetrics.map((metric) =>
      figure<TaskManagerRow>(metric, TASK_MANAGER_METRICS[metric].unit, (row) => row.figures[metric]),
    ),
  ],
};

export const JOB_TABLE: Table<JobRow> = {
  name: 'job_samples',
  file: 'day',
  rowsOf: (batch) => batch.jobs,
  atMs: (row) => row.atMs,
  columns: [
    column('at_ms', 'BIGINT', (row) => row.atMs),
    ...jobColumns<JobRow>(),
    column('state', 'VARCHAR', (row) => row.state),
    ...jobMetrics.map((metric) => figure<JobRow>(metric, JOB_METRICS[metric].unit, (row) => row.figures[metric])),
  ],
};

export const CHECKPOINT_TABLE: Table<CheckpointRow> = {
  name: 'checkpoints',
  file: 'records',
  rowsOf: (batch) => batch.checkpoints,
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
  rowsOf: (batch) => batch.checkpoints.filter((row) => row.checkpoint.details !== undefined),
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
  rowsOf: (batch) => batch.exceptions,
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
  rowsOf: (batch) => batch.events,
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
  rowsOf: (batch) => batch.reports,
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

/** Samples, and what goes with their day. */
export const DAY_TABLES: readonly TableShape[] = [
  SUBTASK_TABLE,
  VERTEX_TABLE,
  TASK_MANAGER_TABLE,
  JOB_TABLE,
  CHECKPOINT_DETAILS_TABLE,
];
export const RECORD_TABLES: readonly TableShape[] = [CHECKPOINT_TABLE, EXCEPTION_TABLE, EVENT_TABLE, REPORT_TABLE];
