import type { DuckDBValue } from '@duckdb/node-api';
import type { Checkpoint, CheckpointStatus, CheckpointSubtask, JobException, JobState } from '../../model/index.js';
import { defined, JOB_STATES } from '../../model/index.js';
import type { VertexKey } from '../columns.js';
import type { JobEvent, JobEventKind, ReportRecord, StoredJob } from '../series-store.js';

export type Row = Readonly<Record<string, DuckDBValue>>;

export function numberOf(value: DuckDBValue | undefined): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export const textOf = (value: DuckDBValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const text = (row: Row, name: string): string => textOf(row[name]) ?? '';
const number = (row: Row, name: string): number => numberOf(row[name]) ?? 0;

const jobStates: ReadonlySet<string> = new Set(JOB_STATES);
const STATUSES: ReadonlySet<string> = new Set<CheckpointStatus>(['IN_PROGRESS', 'COMPLETED', 'FAILED']);

export function toCheckpoint(row: Row): Checkpoint {
  const status = text(row, 'status');
  return defined<Checkpoint>({
    id: number(row, 'id'),
    // The set holds members of the type only.
    status: STATUSES.has(status) ? (status as CheckpointStatus) : 'UNKNOWN',
    isSavepoint: row['is_savepoint'] === true,
    triggerMs: number(row, 'at_ms'),
    latestAckMs: numberOf(row['latest_ack_ms']),
    durationMs: number(row, 'duration_ms'),
    stateSizeBytes: number(row, 'state_size_bytes'),
    checkpointedSizeBytes: numberOf(row['checkpointed_size_bytes']),
    processedBytes: numberOf(row['processed_bytes']),
    persistedBytes: numberOf(row['persisted_bytes']),
    subtasks: number(row, 'subtasks'),
    acknowledgedSubtasks: number(row, 'acknowledged_subtasks'),
    failureMs: numberOf(row['failure_ms']),
    failureMessage: textOf(row['failure_message']),
    details: undefined,
  });
}

/** Phases as this store wrote them itself; text that is not that (a half-written file) counts as none. */
export function toDetails(row: Row): readonly CheckpointSubtask[] {
  try {
    const value: unknown = JSON.parse(text(row, 'details'));
    // Written by CHECKPOINT_DETAILS_TABLE from the same type.
    return Array.isArray(value) ? (value as CheckpointSubtask[]) : [];
  } catch {
    return [];
  }
}

export function toException(row: Row): JobException {
  return defined<JobException>({
    atMs: number(row, 'at_ms'),
    exceptionName: text(row, 'exception_name'),
    stacktrace: text(row, 'stacktrace'),
    taskName: textOf(row['task_name']),
    taskManagerId: textOf(row['task_manager_id']),
    concurrent: row['concurrent'] === true,
  });
}

export function toEvent(row: Row): JobEvent {
  return defined<JobEvent>({
    cluster: text(row, 'cluster'),
    jobName: text(row, 'job_name'),
    jobId: text(row, 'job_id'),
    atMs: number(row, 'at_ms'),
    // Written by EVENT_TABLE from the same type.
    kind: text(row, 'kind') as JobEventKind,
    text: text(row, 'text'),
    ref: textOf(row['ref']),
  });
}

export const toReport = (row: Row): ReportRecord => ({
  cluster: text(row, 'cluster'),
  jobName: text(row, 'job_name'),
  jobId: text(row, 'job_id'),
  atMs: number(row, 'at_ms'),
  kind: text(row, 'kind'),
  body: text(row, 'body'),
});

export function toStoredJob(row: Row): StoredJob {
  const state = text(row, 'last_state');
  return {
    cluster: text(row, 'cluster'),
    jobName: text(row, 'job_name'),
    jobId: text(row, 'job_id'),
    firstMs: number(row, 'first_ms'),
    lastMs: number(row, 'last_ms'),
    // The set holds exactly the members of the type.
    lastState: jobStates.has(state) ? (state as JobState) : 'UNKNOWN',
  };
}

export const toVertexEntry = (row: Row): readonly [number, VertexKey] => [
  number(row, 'vertex'),
  {
    cluster: text(row, 'cluster'),
    jobName: text(row, 'job_name'),
    jobId: text(row, 'job_id'),
    vertexId: text(row, 'vertex_id'),
  },
];
