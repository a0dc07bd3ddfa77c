import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { Cell, ColumnType, TableShape } from '../columns.js';
import { ROWS_PER_TURN } from '../limits.js';
import { RECORDS, type Database } from './database.js';
import { dayOf } from './files.js';
import type { QueuedRow, Segment } from './write-queue.js';

/** Rows for one table of one file. */
interface Portion {
  readonly table: TableShape;
  readonly rows: QueuedRow[];
}

/**
 * Writes segments, one transaction per file, so that a killed process leaves whole rows or none. Returns what a failed
 * transaction did not write, with the error.
 */
export async function writeSegments(
  database: Database,
  segments: readonly Segment[],
  oldestMs: number,
): Promise<{ readonly written: number; readonly left: readonly Segment[]; readonly error?: Error }> {
  let written = 0;
  const left: Segment[] = [];
  let error: Error | undefined;
  for (const [file, portions] of byFile(segments, oldestMs)) {
    try {
      const catalog = file === RECORDS ? RECORDS : await database.openDay(file);
      written += await inTransaction(database.writer, () => writePortions(database.writer, catalog, portions));
    } catch (cause) {
      error = cause instanceof Error ? cause : new Error(String(cause));
      left.push(...portions);
    }
  }
  return error === undefined ? { written, left } : { written, left, error };
}

/** Portions by file; samples older than the raw retention have no file any more. */
function byFile(segments: readonly Segment[], oldestMs: number): ReadonlyMap<string, Portion[]> {
  const files = new Map<string, Map<TableShape, Portion>>();
  for (const { table, rows } of segments) {
    for (const row of rows) {
      if (table.file === 'day' && row.atMs < oldestMs) continue;
      const file = table.file === 'records' ? RECORDS : dayOf(row.atMs);
      const portions = files.get(file) ?? new Map<TableShape, Portion>();
      files.set(file, portions);
      const portion = portions.get(table);
      if (portion === undefined) portions.set(table, { table, rows: [row] });
      else portion.rows.push(row);
    }
  }
  return new Map([...files].map(([file, portions]) => [file, [...portions.values()]]));
}

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

async function writePortions(
  connection: DuckDBConnection,
  catalog: string,
  portions: readonly Portion[],
): Promise<number> {
  let rows = 0;
  for (const { table, rows: queued } of portions) {
    const appender = await connection.createAppender(table.name, 'main', catalog);
    try {
      for (const [index, row] of queued.entries()) {
        appendRow(appender, table, row.cells);
        if (index % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
      }
    } finally {
      appender.closeSync();
    }
    rows += queued.length;
  }
  return rows;
}

function appendRow(appender: DuckDBAppender, table: TableShape, cells: readonly Cell[]): void {
  table.columns.forEach((column, index) => {
    appendCell(appender, column.type, cells[index]);
  });
  appender.endRow();
}

function appendCell(appender: DuckDBAppender, type: ColumnType, cell: Cell): void {
  if (cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell))) appender.appendNull();
  else if (typeof cell === 'string') appender.appendVarchar(cell);
  else if (typeof cell === 'boolean') appender.appendBoolean(cell);
  else if (type === 'BIGINT') appender.appendBigInt(BigInt(Math.round(cell)));
  else if (type === 'INTEGER') appender.appendInteger(Math.round(cell));
  else appender.appendDouble(cell);
}
