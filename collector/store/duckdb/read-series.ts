import { stepOf, toPoints, type Bucket } from '../buckets.js';
import { snake } from '../columns.js';
import {
  isJobMetric,
  isVertexMetric,
  JOB_METRICS,
  TASK_MANAGER_METRICS,
  VERTEX_METRICS,
  type MetricShape,
} from '../series-metrics.js';
import type { SeriesPoint, SeriesQuery } from '../series-store.js';
import { RECORDS, type Database, type Parameters } from './database.js';
import { DAY_MS, dayStartMs } from './files.js';
import { numberOf } from './rows.decode.js';
import { JOB_ROLLUP, VERTEX_ROLLUP } from './schema.js';

/** Where a metric is: its table in a day file, the rolled-up one, and the rows a query means. */
interface Source {
  readonly table: string;
  /** Missing where nothing is rolled up. */
  readonly rollup?: string;
  readonly column: string;
  readonly shape: MetricShape;
  /** What is brought together after time: subtasks, TaskManagers, or nothing. */
  readonly part: string;
  readonly conditions: readonly string[];
  readonly parameters: Parameters;
}

export async function readSeries(database: Database, query: SeriesQuery): Promise<readonly SeriesPoint[]> {
  const source = sourceOf(query);
  const stepMs = stepOf(query);
  const range = { from: query.fromMs, to: query.toMs, step: stepMs };
  const found = new Map<number, number>();
  const rawFromMs = dayStartMs(database.days[0] ?? '9999-12-31');
  if (source.rollup !== undefined && query.subtask === undefined && query.fromMs < rawFromMs) {
    const rows = await database.query(rolledSql(source, source.rollup), {
      ...source.parameters,
      ...range,
      to: Math.min(query.toMs, rawFromMs),
    });
    for (const row of rows) keep(found, numberOf(row['bucket']), numberOf(row['value']));
  }
  const days = database.days.filter((day) => dayStartMs(day) < query.toMs && dayStartMs(day) + DAY_MS > query.fromMs);
  for (const day of days) {
    const catalog = await database.openDay(day);
    const rows = await database.query(rawSql(source, catalog), { ...source.parameters, ...range });
    for (const row of rows) keep(found, numberOf(row['bucket']), numberOf(row['value']));
  }
  const buckets: readonly Bucket[] = [...found].sort(([a], [b]) => a - b).map(([index, value]) => ({ index, value }));
  return toPoints(buckets, query, stepMs);
}

/** A bucket that spans midnight comes from two files; the later one, which holds more of it by and by, wins. */
function keep(found: Map<number, number>, bucket: number | undefined, value: number | undefined): void {
  if (bucket !== undefined && value !== undefined) found.set(bucket, value);
}

function sourceOf(query: SeriesQuery): Source {
  const { metric } = query;
  if (isVertexMetric(metric))
    return {
      table: 'subtask_samples',
      rollup: VERTEX_ROLLUP,
      column: snake(metric),
      shape: VERTEX_METRICS[metric],
      part: 'subtask',
      ...selection(query, { vertex_id: query.vertexId ?? '', subtask: query.subtask }),
    };
  if (isJobMetric(metric))
    return {
      table: 'job_samples',
      rollup: JOB_ROLLUP,
      column: snake(metric),
      shape: JOB_METRICS[metric],
      part: 'job_id',
      ...selection(query, {}),
    };
  return {
    table: 'task_manager_samples',
    column: snake(metric),
    shape: TASK_MANAGER_METRICS[metric],
    part: 'task_manager_id',
    ...selection({ cluster: query.cluster }, { task_manager_id: query.taskManagerId }),
  };
}

/** Equality conditions on the columns that are given; values travel as parameters only. */
export function selection(
  job: { readonly cluster?: string; readonly jobName?: string; readonly jobId?: string },
  more: Readonly<Record<string, string | number | undefined>>,
): { readonly conditions: readonly string[]; readonly parameters: Parameters } {
  const wanted = { cluster: job.cluster, job_name: job.jobName, job_id: job.jobId, ...more };
  const given = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    conditions: given.map(([name]) => `${name} = $${name}`),
    parameters: Object.fromEntries(given),
  };
}

const IN_RANGE = ['at_ms >= $from', 'at_ms < $to'];
const BUCKET = 'CAST(floor((at_ms - $from) / $step) AS BIGINT)';

function rawSql({ table, column, shape, part, conditions }: Source, catalog: string): string {
  const where = [...conditions, ...IN_RANGE, `${column} IS NOT NULL`].join(' AND ');
  return `SELECT bucket, ${shape.overSubtasks}(value) AS value FROM (
    SELECT ${BUCKET} AS bucket, ${part}, ${shape.overTime}(${column}) AS value
    FROM ${catalog}.${table} WHERE ${where} GROUP BY ALL
  ) GROUP BY bucket`;
}

function rolledSql({ column, shape, conditions }: Source, rollup: string): string {
  const where = [...conditions, ...IN_RANGE, `${column} IS NOT NULL`].join(' AND ');
  return `SELECT ${BUCKET} AS bucket, ${shape.overTime}(${column}) AS value
    FROM ${RECORDS}.${rollup} WHERE ${where} GROUP BY bucket`;
}
