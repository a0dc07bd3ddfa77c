import type { Checkpoint, JobException } from '../model/index.js';
import type { JobEvent, ReportRecord } from './series-store.js';

// Records are only ever appended, and a restarted Weir sees again what Flink still remembers. So readers make them unique.

/** Each checkpoint once, as last known, with its phases if they were ever read. By trigger time. */
export function uniqueCheckpoints(rows: readonly Checkpoint[]): readonly Checkpoint[] {
  const byId = new Map<string, Checkpoint>();
  for (const row of rows) {
    const key = `${row.id}|${row.triggerMs}`;
    const details = row.details ?? byId.get(key)?.details;
    byId.set(key, details === undefined ? row : { ...row, details });
  }
  return [...byId.values()].sort((a, b) => a.triggerMs - b.triggerMs || a.id - b.id);
}

export function uniqueExceptions(rows: readonly JobException[]): readonly JobException[] {
  return unique(rows, (row) => `${row.atMs}|${row.exceptionName}|${row.taskName ?? ''}|${row.concurrent}`);
}

export function uniqueEvents(rows: readonly JobEvent[]): readonly JobEvent[] {
  return unique(rows, (row) => `${row.jobId}|${row.atMs}|${row.kind}|${row.text}|${row.ref ?? ''}`);
}

export function uniqueReports(rows: readonly ReportRecord[]): readonly ReportRecord[] {
  return unique(rows, (row) => JSON.stringify([row.cluster, row.jobName, row.jobId, row.atMs, row.kind]));
}

function unique<T extends { readonly atMs: number }>(rows: readonly T[], keyOf: (row: T) => string): readonly T[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return [...byKey.values()].sort((a, b) => a.atMs - b.atMs);
}

/** The newest `max` of a list that is oldest first. */
export const newestOf = <T>(rows: readonly T[], max: number): readonly T[] => rows.slice(-max);
