import { CHECKPOINT_TABLE, EVENT_TABLE, EXCEPTION_TABLE, RECORD_TABLES, REPORT_TABLE } from '../columns.js';
import { CHECKPOINTS_KEPT_MS } from '../limits.js';
import { catalogOf, movedKey, RECORDS, type Database } from './database.js';
import { DAY_MS, dayStartMs } from './files.js';
import { numberOf } from './rows.decode.js';
import { rollUp } from './roll-up.js';
import { JOB_ROLLUP, META_TABLE, VERTEX_ROLLUP, VERTICES_TABLE } from './schema.js';
import { inTransaction } from './writer.js';

export interface Retention {
  readonly rawMs: number;
  readonly rollupMs: number;
}

/** Rolls up what is settled and not rolled up yet, moves records to where they are kept long, drops what is too old. */
export async function maintain(database: Database, nowMs: number, retention: Retention): Promise<void> {
  await rollUp(database, nowMs);
  await moveRecords(database, database.days);
  await dropRaw(database, nowMs - retention.rawMs);
  const horizons: readonly (readonly [string, number])[] = [
    [VERTEX_ROLLUP, retention.rollupMs],
    [JOB_ROLLUP, retention.rollupMs],
    [EXCEPTION_TABLE.name, retention.rollupMs],
    [EVENT_TABLE.name, retention.rollupMs],
    [REPORT_TABLE.name, retention.rollupMs],
    [CHECKPOINT_TABLE.name, Math.min(CHECKPOINTS_KEPT_MS, retention.rollupMs)],
  ];
  for (const [table, keptMs] of horizons)
    await database.writer.run(`DELETE FROM ${RECORDS}.${table} WHERE at_ms < $before`, { before: nowMs - keptMs });
}

/** Deletes the files of the days that lie wholly before `ms`; their records stay. */
export async function dropRaw(database: Database, ms: number): Promise<void> {
  const gone = database.days.filter((day) => dayStartMs(day) + DAY_MS <= ms);
  if (gone.length > 0) await dropDays(database, gone);
}

export async function dropDays(database: Database, days: readonly string[]): Promise<void> {
  await moveRecords(database, days);
  for (const day of days) await database.dropDay(day);
  await forgetVertices(database);
}

/** The rows stay in the day's file too; how many were taken over is written with them, so that none counts twice. */
async function moveRecords(database: Database, days: readonly string[]): Promise<void> {
  for (const catalog of days.map(catalogOf)) {
    const counts = new Map<string, number>();
    await inTransaction(database.writer, async () => {
      for (const { name } of RECORD_TABLES) {
        const done = database.moved(catalog, name);
        const result = await database.writer.runAndReadAll(`SELECT count(*) AS rows FROM ${catalog}.${name}`);
        const rows = numberOf(result.getRowObjects()[0]?.['rows']) ?? 0;
        if (rows <= done) continue;
        await database.writer.run(
          `INSERT INTO ${RECORDS}.${name} SELECT * FROM ${catalog}.${name} WHERE rowid >= $done ORDER BY rowid`,
          { done },
        );
        await database.writer.run(`INSERT OR REPLACE INTO ${RECORDS}.${META_TABLE} VALUES ($key, $rows)`, {
          key: movedKey(catalog, name),
          rows: String(rows),
        });
        counts.set(name, rows);
      }
    });
    for (const [name, rows] of counts) database.noteMoved(catalog, name, rows);
  }
}

async function forgetVertices(database: Database): Promise<void> {
  await database.writer.run(
    `DELETE FROM ${RECORDS}.${VERTICES_TABLE} WHERE vertex NOT IN (SELECT DISTINCT vertex FROM ${RECORDS}.${VERTEX_ROLLUP})`,
  );
  await database.reloadVertices(RECORDS);
  database.vertexNumbers.prune();
}
