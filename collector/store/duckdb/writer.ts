import { setImmediate as nextTurn } from 'node:timers/promises';
import { DuckDBDataChunk, type DuckDBAppender, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import {
  CHECKPOINT_DETAILS_TABLE,
  CHECKPOINT_TABLE,
  EVENT_TABLE,
  EXCEPTION_TABLE,
  JOB_TABLE,
  REPORT_TABLE,
  SUBTASK_TABLE,
  TASK_MANAGER_TABLE,
  VERTEX_TABLE,
  type Cell,
  type ColumnType,
  type Table,
  type VertexKey,
  type VertexNumber,
} from '../columns.js';
import { LATE_ROWS_MS, ROWS_PER_CHUNK } from '../limits.js';
import type { Rows, StoredBatch } from '../series-store.js';
import { SubtaskRows } from '../subtask-rows.js';
import type { WaitingBatch } from '../write-queue.js';
import { TYPES } from './column-types.js';
import type { Database } from './database.js';
import { dayOf, dayStartMs } from './files.js';
import { VERTICES_TABLE } from './schema.js';
import { subtaskChunks } from './subtask-chunks.js';

export interface WriteResult {
  readonly written: number;
  /** What a failed transaction did not write. */
  readonly left: readonly WaitingBatch[];
  readonly error?: Error;
}

/**
 * Writes batches, one transaction per day, so that a killed process leaves a batch whole or not at all: its records go
 * into the file of its samples. Tells who appended them.
 */
export async function writeBatches(
  database: Database,
  batches: readonly WaitingBatch[],
  oldestMs: number,
): Promise<WriteResult> {
  let written = 0;
  const left = new Set<WaitingBatch>();
  let error: Error | undefined;
  for (const [day, portions] of byDay(batches, oldestMs)) {
    try {
      const catalog = await database.openDay(day);
      written += await writeDay(database, catalog, portions);
    } catch (cause) {
      error = cause instanceof Error ? cause : new Error(String(cause));
      for (const { waiting } of portions) left.add(waiting);
    }
  }
  for (const one of batches) if (!left.has(one)) one.settle(true);
  return error === undefined ? { written, left: [] } : { written, left: [...left], error };
}

/** Rows of one batch for one day. */
interface Portion {
  readonly waiting: WaitingBatch;
  /** None of its samples is for another day. */
  readonly hasAll: boolean;
  has(file: Table<never>['file'], atMs: number): boolean;
}

/**
 * A batch lies in the day of its newest sample, rows a little older with it. Only a batch over a long time (a past that is
 * made up for) is divided, and samples older than the raw retention have no file any more.
 */
function byDay(batches: readonly WaitingBatch[], oldestMs: number): ReadonlyMap<string, readonly Portion[]> {
  const days = new Map<string, Portion[]>();
  for (const waiting of batches) {
    for (const [day, portion] of portionsOf(waiting.batch, oldestMs)) {
      const list = days.get(day);
      if (list === undefined) days.set(day, [{ waiting, ...portion }]);
      else list.push({ waiting, ...portion });
    }
  }
  return days;
}

function portionsOf(batch: StoredBatch, oldestMs: number): ReadonlyMap<string, Pick<Portion, 'has' | 'hasAll'>> {
  const times = timesOfSamples(batch);
  const home = dayOf(Math.max(oldestMs, times?.newestMs ?? newestRecordMs(batch)));
  const homeFromMs = dayStartMs(home) - LATE_ROWS_MS;
  if (times === undefined || times.oldestMs >= Math.max(homeFromMs, oldestMs))
    return new Map([[home, { hasAll: true, has: () => true }]]);
  const dayOfSample = (atMs: number): string => (atMs >= homeFromMs ? home : dayOf(atMs));
  const isKept = (atMs: number): boolean => atMs >= oldestMs;
  const days = samplesOf(batch).flatMap((rows) =>
    [...rows].filter(({ atMs }) => isKept(atMs)).map((row) => dayOfSample(row.atMs)),
  );
  if (newestRecordMs(batch) > Number.NEGATIVE_INFINITY) days.push(home);
  return new Map(
    days.map((day) => [
      day,
      {
        hasAll: false,
        has: (file, atMs) => (file === 'records' ? day === home : isKept(atMs) && dayOfSample(atMs) === day),
      },
    ]),
  );
}

const samplesOf = (batch: StoredBatch): readonly Rows<{ readonly atMs: number }>[] => [
  batch.subtasks,
  batch.vertices,
  batch.taskManagers,
  batch.jobs,
];

function timesOfSamples(batch: StoredBatch): { readonly oldestMs: number; readonly newestMs: number } | undefined {
  let oldestMs = Number.POSITIVE_INFINITY;
  let newestMs = Number.NEGATIVE_INFINITY;
  const see = (atMs: number): void => {
    if (atMs < oldestMs) oldestMs = atMs;
    if (atMs > newestMs) newestMs = atMs;
  };
  for (const rows of samplesOf(batch)) {
    if (!(rows instanceof SubtaskRows)) for (const { atMs } of rows) see(atMs);
    else if (rows.times !== undefined) [rows.times.oldestMs, rows.times.newestMs].forEach(see);
  }
  return newestMs < oldestMs ? undefined : { oldestMs, newestMs };
}

/** Minus infinity where there are none. */
function newestRecordMs({ checkpoints, exceptions, events, reports }: StoredBatch): number {
  return Math.max(
    ...checkpoints.map((row) => row.checkpoint.triggerMs),
    ...exceptions.map((row) => row.exception.atMs),
    ...events.map((row) => row.atMs),
    ...reports.map((row) => row.atMs),
  );
}

async function writeDay(database: Database, catalog: string, portions: readonly Portion[]): Promise<number> {
  const { writer, vertexNumbers } = database;
  const fresh = new Map<number, VertexKey>();
  const vertexNumber = (vertex: VertexKey): number => {
    const number = vertexNumbers.numberOf(vertex);
    if (!vertexNumbers.has(catalog, number)) fresh.set(number, vertex);
    return number;
  };
  const rows = await inTransaction(writer, async () => {
    let count = 0;
    const append = async (table: string, chunks: Iterable<DuckDBDataChunk>): Promise<void> => {
      const appended = await appendChunks(writer, catalog, table, chunks);
      if (table !== CHECKPOINT_DETAILS_TABLE.name) count += appended;
    };
    const write = <R>(table: Table<R>): Promise<void> =>
      append(table.name, chunksOf(table.columns, rowsIn(portions, table), vertexNumber));
    await append(SUBTASK_TABLE.name, chunksOfSubtasks(portions, vertexNumber));
    await write(VERTEX_TABLE);
    await write(TASK_MANAGER_TABLE);
    await write(JOB_TABLE);
    await write(CHECKPOINT_TABLE);
    await write(CHECKPOINT_DETAILS_TABLE);
    await write(EXCEPTION_TABLE);
    await write(EVENT_TABLE);
    await write(REPORT_TABLE);
    await appendChunks(writer, catalog, VERTICES_TABLE, chunksOf(VERTEX_COLUMNS, fresh, vertexNumber));
    return count;
  });
  vertexNumbers.note(catalog, fresh.keys());
  return rows;
}

/** In columns where nothing is to be left out of them. */
function* chunksOfSubtasks(portions: readonly Portion[], vertexNumber: VertexNumber): Generator<DuckDBDataChunk> {
  for (const portion of portions) {
    const { subtasks } = portion.waiting.batch;
    if (portion.hasAll && subtasks instanceof SubtaskRows) yield* subtaskChunks(subtasks, vertexNumber);
    else yield* chunksOf(SUBTASK_TABLE.columns, rowsIn([portion], SUBTASK_TABLE), vertexNumber);
  }
}

function* rowsIn<R>(portions: readonly Portion[], table: Table<R>): Generator<R> {
  for (const { waiting, has } of portions)
    for (const row of table.rowsOf(waiting.batch)) if (has(table.file, table.atMs(row))) yield row;
}

type WrittenColumn<R> = Pick<Table<R>['columns'][number], 'type' | 'get'>;

const VERTEX_COLUMNS: readonly WrittenColumn<readonly [number, VertexKey]>[] = [
  { type: 'INTEGER', get: ([number]) => number },
  { type: 'VARCHAR', get: ([, vertex]) => vertex.cluster },
  { type: 'VARCHAR', get: ([, vertex]) => vertex.jobName },
  { type: 'VARCHAR', get: ([, vertex]) => vertex.jobId },
  { type: 'VARCHAR', get: ([, vertex]) => vertex.vertexId },
];

export async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN TRANSACTION');
  try {
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT has ended the transaction already; then there is nothing to roll back.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** How many rows there were. */
async function appendChunks(
  connection: DuckDBConnection,
  catalog: string,
  table: string,
  chunks: Iterable<DuckDBDataChunk>,
): Promise<number> {
  let appender: DuckDBAppender | undefined;
  let count = 0;
  try {
    for (const chunk of chunks) {
      appender ??= await connection.createAppender(table, 'main', catalog);
      appender.appendDataChunk(chunk);
      count += chunk.rowCount;
      await nextTurn();
    }
    return count;
  } finally {
    appender?.closeSync();
  }
}

/** Column by column: row by row costs twice the processor time. */
function* chunksOf<R>(
  columns: readonly WrittenColumn<R>[],
  rows: Iterable<R>,
  vertexNumber: VertexNumber,
): Generator<DuckDBDataChunk> {
  for (const part of inParts(rows, ROWS_PER_CHUNK)) yield chunkOf(columns, part, vertexNumber);
}

function* inParts<R>(rows: Iterable<R>, size: number): Generator<readonly R[]> {
  let part: R[] = [];
  for (const row of rows) {
    part.push(row);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function chunkOf<R>(
  columns: readonly WrittenColumn<R>[],
  rows: readonly R[],
  vertexNumber: VertexNumber,
): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(
    columns.map(({ type }) => TYPES[type]),
    rows.length,
  );
  columns.forEach(({ type, get }, index) => {
    chunk.setColumnValues(
      index,
      rows.map((row) => valueOf(type, get(row, vertexNumber))),
    );
  });
  return chunk;
}

function valueOf(type: ColumnType, cell: Cell): DuckDBValue {
  if (typeof cell !== 'number') return cell ?? null;
  if (!Number.isFinite(cell)) return null;
  if (type === 'BIGINT') return BigInt(Math.round(cell));
  return type === 'INTEGER' ? Math.round(cell) : cell;
}
