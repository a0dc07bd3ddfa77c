import type { IPoint } from 'influx';
import type { Checkpoint } from '../../model/index.js';
import { jobTags } from '../line/points.js';
import { fromText, toField, toTag } from '../line/text.js';
import type { CheckpointRow, ExceptionRow, JobEvent, JobKey, JobSelector, ReportRecord, StoredBatch } from '../series-store.js'; // prettier-ignore

export const RECORD = 'weir_record';
export type RecordType = 'checkpoint' | 'exception' | 'event' | 'report';

const NS_PER_MS = 1_000_000;

/**
 * Records are one point each, as JSON. InfluxDB keeps one point per time and tags, so the nanoseconds say which record of a
 * millisecond it is: one seen again replaces itself, and two at once do not replace each other.
 */
export function recordPoints(batch: StoredBatch): IPoint[] {
  return [
    ...batch.checkpoints.map(checkpointPoint),
    ...batch.exceptions.map((row) =>
      point('exception', row, row.exception.atMs, `${row.exception.exceptionName}|${row.exception.taskName ?? ''}|${row.exception.concurrent}`, row.exception)), // prettier-ignore
    ...batch.events.map((row) => point('event', row, row.atMs, `${row.text}|${row.ref ?? ''}`, row, row.kind)),
    ...batch.reports.map((row) => point('report', row, row.atMs, '', row, row.kind)),
  ];
}

/** Its phases are a field of their own: seen again without them, they stay. */
function checkpointPoint(row: CheckpointRow): IPoint {
  const { details, ...checkpoint } = row.checkpoint;
  const base = point('checkpoint', row, checkpoint.triggerMs, String(checkpoint.id), checkpoint);
  return details === undefined
    ? base
    : { ...base, fields: { ...base.fields, details: toField(JSON.stringify(details)) } };
}

function point(type: RecordType, job: JobKey, atMs: number, identity: string, body: object, kind = ''): IPoint {
  return {
    measurement: RECORD,
    tags: { type, ...jobTags(job), kind: toTag(kind) },
    fields: { body: toField(JSON.stringify(body)) },
    timestamp: `${Math.round(atMs)}${String(hashOf(identity) % NS_PER_MS).padStart(6, '0')}`,
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Conditions of a query on the tags that are given. `toTag` leaves nothing that could end the quotes. */
export function conditions(job: Partial<JobSelector>, more: Readonly<Record<string, string | undefined>> = {}): string {
  const tags = { cluster: job.cluster, job_name: job.jobName, job_id: job.jobId, ...more };
  return Object.entries(tags)
    .flatMap(([name, value]) => (value === undefined ? [] : [`"${name}" = '${toTag(value)}'`]))
    .join(' AND ');
}

/** A row of a record query; undefined for what this Weir cannot read. */
export function bodyOf<T extends object>(row: Readonly<Record<string, unknown>>): T | undefined {
  const { body, details } = row;
  const main = parsed(body);
  if (main === undefined) return undefined;
  const phases = parsed(details);
  // Written by `recordPoints` from the same type.
  return (phases === undefined ? main : { ...main, details: phases }) as T;
}

function parsed(field: unknown): object | undefined {
  if (typeof field !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(fromText(field));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

export type StoredRecord = Checkpoint | ExceptionRow['exception'] | JobEvent | ReportRecord;
