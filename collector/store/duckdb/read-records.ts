import type { Checkpoint, JobException } from '../../model/index.js';
import {
  CHECKPOINT_DETAILS_TABLE,
  CHECKPOINT_TABLE,
  EVENT_TABLE,
  EXCEPTION_TABLE,
  JOB_TABLE,
  REPORT_TABLE,
} from '../columns.js';
import { MAX_RECORDS } from '../limits.js';
import { uniqueCheckpoints, uniqueEvents, uniqueExceptions, uniqueReports } from '../records.js';
import type { JobEvent, JobSelector, ReportQuery, ReportRecord, StoredJob, TimeRange } from '../series-store.js';
import { catalogOf, RECORDS, type Database, type Row } from './database.js';
import { toCheckpoint, toDetails, toEvent, toException, toReport, toStoredJob } from './rows.decode.js';
import { JOB_ROLLUP } from './schema.js';
import { selection } from './selection.js';

export async function readCheckpoints(
  database: Database,
  job: JobSelector,
  range: TimeRange,
): Promise<readonly Checkpoint[]> {
  const rows = await readRecords(database, CHECKPOINT_TABLE.name, job, range);
  const checkpoints = uniqueCheckpoints(rows.map(toCheckpoint));
  const details = new Map<string, Row>();
  for (const catalog of database.days.map(catalogOf))
    for (const row of await readRows(database, `${catalog}.${CHECKPOINT_DETAILS_TABLE.name}`, job, range))
      details.set(`${String(row['id'])}|${String(row['at_ms'])}`, row);
  return checkpoints.map((checkpoint) => {
    const row = details.get(`${checkpoint.id}|${checkpoint.triggerMs}`);
    return row === undefined ? checkpoint : { ...checkpoint, details: toDetails(row) };
  });
}

export async function readExceptions(
  database: Database,
  job: JobSelector,
  range: TimeRange,
): Promise<readonly JobException[]> {
  return uniqueExceptions((await readRecords(database, EXCEPTION_TABLE.name, job, range)).map(toException));
}

export async function readEvents(database: Database, job: JobSelector, range: TimeRange): Promise<readonly JobEvent[]> {
  return uniqueEvents((await readRecords(database, EVENT_TABLE.name, job, range)).map(toEvent));
}

export async function readReports(database: Database, query: ReportQuery): Promise<readonly ReportRecord[]> {
  const kind = query.kind === undefined ? {} : { kind: query.kind };
  return uniqueReports((await readRecords(database, REPORT_TABLE.name, query, query, kind)).map(toReport));
}

export async function readJobs(database: Database, range: TimeRange): Promise<readonly StoredJob[]> {
  const parameters = { from: range.fromMs, to: range.toMs };
  const sources = database.catalogsWithin(range).map((catalog) => ({
    table: `${catalog}.${JOB_TABLE.name}`,
    state: 'state',
  }));
  const jobs = new Map<string, StoredJob>();
  for (const { table, state } of [{ table: `${RECORDS}.${JOB_ROLLUP}`, state: 'last_state' }, ...sources]) {
    const rows = await database.query(
      `SELECT cluster, job_name, job_id, min(at_ms) AS first_ms, max(at_ms) AS last_ms, arg_max(${state}, at_ms) AS last_state
       FROM ${table} WHERE at_ms >= $from AND at_ms < $to GROUP BY cluster, job_name, job_id`,
      parameters,
    );
    for (const row of rows) {
      const job = toStoredJob(row);
      const key = `${job.cluster}|${job.jobId}`;
      jobs.set(key, joined(jobs.get(key), job));
    }
  }
  return [...jobs.values()];
}

function joined(before: StoredJob | undefined, job: StoredJob): StoredJob {
  if (before === undefined) return job;
  const later = job.lastMs >= before.lastMs ? job : before;
  return { ...later, firstMs: Math.min(before.firstMs, job.firstMs) };
}

/** Records of the long file, and those of the days that are not in it yet, oldest first. */
function readRecords(
  database: Database,
  table: string,
  job: Partial<JobSelector>,
  range: TimeRange,
  more: Readonly<Record<string, string>> = {},
): Promise<readonly Row[]> {
  const inDays = database.days.map(catalogOf).map((catalog, index) => {
    const done = database.moved(catalog, table);
    return `SELECT *, ${index + 1} AS file, rowid AS nr FROM ${catalog}.${table} WHERE rowid >= ${done}`;
  });
  const all = [`SELECT *, 0 AS file, rowid AS nr FROM ${RECORDS}.${table}`, ...inDays].join(' UNION ALL ');
  return readRows(database, `(${all})`, job, range, more, 'file DESC, nr DESC');
}

/** The newest rows of a table, oldest first. */
async function readRows(
  database: Database,
  table: string,
  job: Partial<JobSelector>,
  range: TimeRange,
  more: Readonly<Record<string, string>> = {},
  newestFirst = 'rowid DESC',
): Promise<readonly Row[]> {
  const { conditions, parameters } = selection(job, more);
  const where = [...conditions, 'at_ms >= $from', 'at_ms < $to'].join(' AND ');
  const rows = await database.query(
    `SELECT * FROM ${table} WHERE ${where} ORDER BY at_ms DESC, ${newestFirst} LIMIT ${MAX_RECORDS}`,
    { ...parameters, from: range.fromMs, to: range.toMs },
  );
  return rows.toReversed();
}
