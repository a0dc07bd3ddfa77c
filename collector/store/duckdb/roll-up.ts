import { JOB_TABLE, SUBTASK_TABLE, VERTEX_TABLE } from '../columns.js';
import { ROLLUP_BUCKET_MS } from '../limits.js';
import { RECORDS, type Database } from './database.js';
import { numberOf, textOf } from './rows.decode.js';
import {
  JOB_ROLLUP,
  JOB_ROLLUP_METRICS,
  META_TABLE,
  VERTEX_ROLLUP,
  VERTEX_ROLLUP_METRICS,
  VERTICES_TABLE,
} from './schema.js';
import { dayStartMs } from './files.js';
import { inTransaction } from './writer.js';

/** Readings may reach the file a little late; the newest buckets wait until they are whole. */
const SETTLED_AFTER_MS = 2 * ROLLUP_BUCKET_MS;
/** For the same reason as in `rounded` of columns.ts. */
const ROLLED_DECIMALS = 4;
/** A long time is rolled up in portions, so that a transaction stays small. */
const PORTION_MS = 6 * 60 * 60_000;

export async function rollUp(database: Database, nowMs: number): Promise<void> {
  const first = database.days[0];
  if (first === undefined) return;
  const untilMs = Math.floor((nowMs - SETTLED_AFTER_MS) / ROLLUP_BUCKET_MS) * ROLLUP_BUCKET_MS;
  let fromMs = Math.max(await rolledUntilMs(database), dayStartMs(first) - PORTION_MS);
  while (fromMs < untilMs) {
    const toMs = Math.min(untilMs, fromMs + PORTION_MS);
    await rollUpRange(database, fromMs, toMs);
    fromMs = toMs;
  }
}

/** Until when everything is rolled up. */
export async function rolledUntilMs(database: Database): Promise<number> {
  const rows = await database.query(`SELECT value FROM ${RECORDS}.${META_TABLE} WHERE key = 'rolled_until_ms'`);
  return numberOf(Number(textOf(rows[0]?.['value']))) ?? 0;
}

async function rollUpRange(database: Database, fromMs: number, toMs: number): Promise<void> {
  const catalogs = database.catalogsWithin({ fromMs, toMs });
  const range = { from: fromMs, to: toMs };
  await inTransaction(database.writer, async () => {
    if (catalogs.length > 0) {
      await database.writer.run(vertexRollupSql(catalogs), range);
      await database.writer.run(jobRollupSql(catalogs), range);
      await database.writer.run(
        `INSERT INTO ${RECORDS}.${VERTICES_TABLE} SELECT DISTINCT * FROM ${union(catalogs, VERTICES_TABLE)}
         WHERE vertex NOT IN (SELECT vertex FROM ${RECORDS}.${VERTICES_TABLE})`,
      );
    }
    await database.writer.run(`INSERT OR REPLACE INTO ${RECORDS}.${META_TABLE} VALUES ('rolled_until_ms', $until)`, {
      until: String(toMs),
    });
  });
  await database.reloadVertices(RECORDS);
}

/** A table of several days as one. */
export const union = (catalogs: readonly string[], table: string): string =>
  `(${catalogs.map((catalog) => `SELECT * FROM ${catalog}.${table}`).join(' UNION ALL ')})`;

const BUCKET = `(at_ms // ${ROLLUP_BUCKET_MS}) * ${ROLLUP_BUCKET_MS}`;
const IN_RANGE = 'WHERE at_ms >= $from AND at_ms < $to';

/** Over time per subtask first, then over the subtasks, then with the readings of whole vertices, as a query of the raw rows would. */
function vertexRollupSql(catalogs: readonly string[]): string {
  const overTime = VERTEX_ROLLUP_METRICS.map(
    ({ column, shape }) => `${shape.overTime}(${column}) AS ${column}, count(${column}) AS ${column}_n`,
  ).join(', ');
  const overSubtasks = VERTEX_ROLLUP_METRICS.map(
    ({ column, shape }) => `${shape.overSubtasks}(${column}) AS ${column}, max(${column}_n) AS ${column}_n`,
  ).join(', ');
  const both = VERTEX_ROLLUP_METRICS.map(
    ({ column, shape }) => `round(${bothSql(shape.overTime, column, `${column}_n`)}, ${ROLLED_DECIMALS})`,
  );
  return `INSERT INTO ${RECORDS}.${VERTEX_ROLLUP} SELECT bucket, vertex, ${both.join(', ')} FROM (
    SELECT bucket, vertex, ${overSubtasks} FROM (
      SELECT ${BUCKET} AS bucket, vertex, subtask, ${overTime} FROM ${union(catalogs, SUBTASK_TABLE.name)} ${IN_RANGE}
      GROUP BY bucket, vertex, subtask
    ) GROUP BY bucket, vertex
    UNION ALL
    SELECT ${BUCKET} AS bucket, vertex, ${overTime} FROM ${union(catalogs, VERTEX_TABLE.name)} ${IN_RANGE}
    GROUP BY bucket, vertex
  ) GROUP BY bucket, vertex ORDER BY vertex, bucket`;
}

/** The subtasks of a bucket and the readings of the whole vertex brought together (see `bucketValue` in buckets.ts). */
export const bothSql = (overTime: 'avg' | 'max' | 'min', value: string, readings: string): string =>
  overTime === 'avg' ? `sum(${value} * ${readings}) / nullif(sum(${readings}), 0)` : `${overTime}(${value})`;

function jobRollupSql(catalogs: readonly string[]): string {
  const figures = JOB_ROLLUP_METRICS.map(({ column, shape }) => `${shape.overTime}(${column})`);
  return `INSERT INTO ${RECORDS}.${JOB_ROLLUP}
    SELECT ${BUCKET} AS bucket, cluster, job_name, job_id, arg_max(state, at_ms), ${figures.join(', ')}
    FROM ${union(catalogs, JOB_TABLE.name)} ${IN_RANGE}
    GROUP BY bucket, cluster, job_name, job_id ORDER BY cluster, job_name, job_id, bucket`;
}
