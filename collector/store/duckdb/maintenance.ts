import { CHECKPOINT_TABLE, EVENT_TABLE, EXCEPTION_TABLE, REPORT_TABLE } from '../columns.js';
import { CHECKPOINTS_KEPT_MS, ROLLUP_BUCKET_MS } from '../limits.js';
import { RECORDS, type Database } from './database.js';
import { DAY_MS, dayStartMs } from './files.js';
import { numberOf, textOf } from './rows.decode.js';
import {
  JOB_ROLLUP,
  JOB_ROLLUP_METRICS,
  META_TABLE,
  VERTEX_ROLLUP,
  VERTEX_ROLLUP_METRICS,
  type RollupMetric,
} from './schema.js';
import { inTransaction } from './writer.js';

export interface Retention {
  readonly rawMs: number;
  readonly rollupMs: number;
}

/** Readings may reach the file a little late; the newest buckets wait until they are whole. */
const SETTLED_AFTER_MS = 2 * ROLLUP_BUCKET_MS;

/** Rolls up what is settled and not rolled up yet, day by day; then drops what is too old. */
export async function maintain(database: Database, nowMs: number, retention: Retention): Promise<void> {
  await rollUp(database, nowMs);
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

/** Deletes the files of the days that lie wholly before `ms`. */
export async function dropRaw(database: Database, ms: number): Promise<void> {
  for (const day of database.days) if (dayStartMs(day) + DAY_MS <= ms) await database.dropDay(day);
}

async function rollUp(database: Database, nowMs: number): Promise<void> {
  const doneMs = await rolledUntil(database);
  const untilMs = Math.floor((nowMs - SETTLED_AFTER_MS) / ROLLUP_BUCKET_MS) * ROLLUP_BUCKET_MS;
  for (const day of database.days) {
    const fromMs = Math.max(doneMs, dayStartMs(day));
    const toMs = Math.min(untilMs, dayStartMs(day) + DAY_MS);
    if (fromMs >= toMs) continue;
    const catalog = await database.openDay(day);
    await inTransaction(database.writer, async () => {
      const range = { from: fromMs, to: toMs };
      await database.writer.run(vertexRollupSql(catalog), range);
      await database.writer.run(jobRollupSql(catalog), range);
      await database.writer.run(`INSERT OR REPLACE INTO ${RECORDS}.${META_TABLE} VALUES ('rolled_until_ms', $until)`, {
        until: String(toMs),
      });
    });
  }
}

async function rolledUntil(database: Database): Promise<number> {
  const rows = await database.query(`SELECT value FROM ${RECORDS}.${META_TABLE} WHERE key = 'rolled_until_ms'`);
  return numberOf(Number(textOf(rows[0]?.['value']))) ?? 0;
}

const BUCKET = `(at_ms // ${ROLLUP_BUCKET_MS}) * ${ROLLUP_BUCKET_MS}`;
const JOB = 'cluster, job_name, job_id';

const extreme = (metric: RollupMetric): 'max' | 'min' => (metric.shape.overTime === 'min' ? 'min' : 'max');

/** Over time per subtask first, then over the subtasks, as a query of the raw rows would. */
function vertexRollupSql(catalog: string): string {
  const inner = VERTEX_ROLLUP_METRICS.map(
    (metric) =>
      `${metric.shape.overTime}(${metric.column}) AS ${metric.column}, ${extreme(metric)}(${metric.column}) AS ${metric.column}_max`,
  );
  const outer = VERTEX_ROLLUP_METRICS.map(
    ({ column, shape }) => `${shape.overSubtasks}(${column}), ${shape.overSubtasks}(${column}_max)`,
  );
  return `INSERT INTO ${RECORDS}.${VERTEX_ROLLUP} SELECT bucket, ${JOB}, vertex_id, ${outer.join(', ')} FROM (
    SELECT ${BUCKET} AS bucket, ${JOB}, vertex_id, subtask, ${inner.join(', ')}
    FROM ${catalog}.subtask_samples WHERE at_ms >= $from AND at_ms < $to
    GROUP BY bucket, ${JOB}, vertex_id, subtask
  ) GROUP BY bucket, ${JOB}, vertex_id`;
}

function jobRollupSql(catalog: string): string {
  const figures = JOB_ROLLUP_METRICS.map(
    (metric) => `${metric.shape.overTime}(${metric.column}), ${extreme(metric)}(${metric.column})`,
  );
  return `INSERT INTO ${RECORDS}.${JOB_ROLLUP} SELECT ${BUCKET} AS bucket, ${JOB}, arg_max(state, at_ms), ${figures.join(', ')}
    FROM ${catalog}.job_samples WHERE at_ms >= $from AND at_ms < $to GROUP BY bucket, ${JOB}`;
}
