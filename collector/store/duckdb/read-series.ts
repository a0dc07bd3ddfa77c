import { stepOf, toPoints, type Bucket } from '../buckets.js';
import { JOB_TABLE, snake, SUBTASK_TABLE, TASK_MANAGER_TABLE, VERTEX_TABLE } from '../columns.js';
import { ROLLUP_BUCKET_MS } from '../limits.js';
import { isJobMetric, isVertexMetric, shapeOf } from '../series-metrics.js';
import type { SeriesPoint, SeriesQuery } from '../series-store.js';
import { RECORDS, type Database, type Parameters } from './database.js';
import { dayStartMs } from './files.js';
import { bothSql, rolledUntilMs, union } from './roll-up.js';
import { JOB_ROLLUP, VERTEX_ROLLUP } from './schema.js';
import { bucketsIn, Cells, cellSql } from './cells.js';
import { selection, type Selection } from './selection.js';

/** Answers queries in the order asked. Those of vertices that share metric and time are one statement. */
export async function readSeries(
  database: Database,
  queries: readonly SeriesQuery[],
): Promise<readonly (readonly SeriesPoint[])[]> {
  const groups = new Map<string, number[]>();
  queries.forEach((query, index) => {
    const key = groupOf(query, index);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  const answers: (readonly SeriesPoint[])[] = queries.map(() => []);
  for (const indexes of groups.values()) {
    const group = indexes.flatMap((index) => queries[index] ?? []);
    const found = await readGroup(database, group);
    group.forEach((query, nth) => {
      answers[indexes[nth] ?? 0] = toPoints(found[nth] ?? [], query, stepOf(query));
    });
  }
  return answers;
}

const isOfVertex = (query: SeriesQuery): boolean => isVertexMetric(query.metric) && query.subtask === undefined;

function groupOf(query: SeriesQuery, index: number): string {
  const { metric, fromMs, toMs, points } = query;
  return JSON.stringify(isOfVertex(query) ? [metric, fromMs, toMs, points] : index);
}

/** Times of a statement, and where roll-up ends and single readings begin. */
interface Times {
  readonly catalogs: readonly string[];
  readonly parameters: Parameters;
}

async function readGroup(database: Database, group: readonly SeriesQuery[]): Promise<readonly (readonly Bucket[])[]> {
  const query = group[0];
  if (query === undefined) return [];
  const times = await timesOf(database, query);
  const statement = isVertexMetric(query.metric)
    ? verticesSql(database, group, query, times)
    : plainSql(query, times, isJobMetric(query.metric) ? jobSource(query) : taskManagerSource(query));
  if (statement === undefined) return group.map(() => []);
  const found = new Cells(group.length, query);
  await database.columns(statement.sql, { ...times.parameters, ...statement.parameters }, (chunk) => found.take(chunk));
  return group.map((_, target) => found.bucketsOf(target));
}

/**
 * Long steps read what is rolled up and single readings only after it; short ones read single readings as far as they are
 * kept. A roll-up counts where its middle lies.
 */
async function timesOf(database: Database, query: SeriesQuery): Promise<Times> {
  const step = stepOf(query);
  const untilMs = await rolledUntilMs(database);
  const keptFromMs = dayStartMs(database.days[0] ?? '9999-12-31');
  const isRolled = !isVertexMetric(query.metric) || query.subtask === undefined;
  const rolledToMs = !isRolled ? query.fromMs : step >= ROLLUP_BUCKET_MS ? untilMs : Math.min(untilMs, keptFromMs);
  const split = Math.min(query.toMs, Math.max(query.fromMs, rolledToMs));
  return {
    catalogs: database.catalogsWithin({ fromMs: split, toMs: query.toMs }),
    parameters: { from: query.fromMs, to: query.toMs, step, split },
  };
}

interface Statement {
  readonly sql: string;
  readonly parameters: Parameters;
}

const bucketOf = (atMs: string): string => `CAST(floor((${atMs} - $from) / $step) AS INTEGER)`;
const RAW_BUCKET = bucketOf('at_ms');
/** The middle of a roll-up may lie outside of the query that the roll-up reaches into: then it counts at the edge. */
const rolledBucket = (query: SeriesQuery): string =>
  `least(${bucketsIn(query) - 1}, greatest(0, ${bucketOf(`(at_ms + ${ROLLUP_BUCKET_MS / 2})`)}))`;
const RAW = 'at_ms >= $split AND at_ms < $to';
/** A roll-up that began before the query belongs to it when it ends in it. */
const ROLLED = `at_ms + ${ROLLUP_BUCKET_MS} > $from AND at_ms < $split AND at_ms < $to`;

/** Of vertices: what is rolled up, the subtasks, and the readings of whole vertices; or only one subtask. */
function verticesSql(
  database: Database,
  group: readonly SeriesQuery[],
  query: SeriesQuery,
  { catalogs }: Times,
): Statement | undefined {
  const { overTime, overSubtasks } = shapeOf(query.metric);
  const column = snake(query.metric);
  const wanted = group.flatMap((one, target) =>
    database.vertexNumbers.find(one, one.vertexId ?? '').map((number) => `(${number}, ${target})`),
  );
  if (wanted.length === 0) return undefined;
  const known = `${column} IS NOT NULL`;
  const of = (source: string, where: string): string =>
    `${source} JOIN wanted USING (vertex) WHERE ${where} AND ${known}`;
  const ofSubtask = query.subtask === undefined ? RAW : `${RAW} AND subtask = $subtask`;
  const parts =
    query.subtask === undefined
      ? [
          // Not brought together yet: most steps are as long as a roll-up, and the statement does it anyway.
          `SELECT target, ${rolledBucket(query)} AS bucket, ${column} AS value, 1 AS n
           FROM ${of(`${RECORDS}.${VERTEX_ROLLUP}`, ROLLED)}`,
        ]
      : [];
  if (catalogs.length > 0) {
    parts.push(`SELECT target, bucket, ${overSubtasks}(value) AS value, max(n) AS n FROM (
      SELECT target, ${RAW_BUCKET} AS bucket, subtask, ${overTime}(${column}) AS value, count(*) AS n
      FROM ${of(union(catalogs, SUBTASK_TABLE.name), ofSubtask)} GROUP BY ALL) GROUP BY ALL`);
    if (query.subtask === undefined)
      parts.push(`SELECT target, ${RAW_BUCKET} AS bucket, ${overTime}(${column}) AS value, count(*) AS n
        FROM ${of(union(catalogs, VERTEX_TABLE.name), RAW)} GROUP BY ALL`);
  }
  if (parts.length === 0) return undefined;
  return {
    sql: `WITH wanted(vertex, target) AS (VALUES ${wanted.join(', ')})
      SELECT ${cellSql('target', query)} AS cell, CAST(${bothSql(overTime, 'value', 'n')} AS DOUBLE)
      FROM (${parts.join(' UNION ALL ')}) GROUP BY cell`,
    parameters: query.subtask === undefined ? {} : { subtask: query.subtask },
  };
}

interface Source extends Selection {
  readonly table: string;
  /** Missing where nothing is rolled up. */
  readonly rollup?: string;
  /** What is brought together after time. */
  readonly part: string;
}

const jobSource = (query: SeriesQuery): Source => ({
  table: JOB_TABLE.name,
  rollup: JOB_ROLLUP,
  part: 'job_id',
  ...selection(query, {}),
});

const taskManagerSource = ({ cluster, taskManagerId }: SeriesQuery): Source => ({
  table: TASK_MANAGER_TABLE.name,
  part: 'task_manager_id',
  ...selection({ cluster }, { task_manager_id: taskManagerId }),
});

function plainSql(
  query: SeriesQuery,
  { catalogs }: Times,
  { table, rollup, part, conditions, parameters }: Source,
): Statement | undefined {
  const { overTime, overSubtasks } = shapeOf(query.metric);
  const column = snake(query.metric);
  const from = (source: string, bucket: string, range: string): string =>
    `SELECT ${bucket} AS bucket, ${part} AS part, ${column} AS value FROM ${source}
     WHERE ${[...conditions, range, `${column} IS NOT NULL`].join(' AND ')}`;
  const parts = [
    ...(rollup === undefined ? [] : [from(`${RECORDS}.${rollup}`, rolledBucket(query), ROLLED)]),
    ...catalogs.map((catalog) => from(`${catalog}.${table}`, RAW_BUCKET, RAW)),
  ];
  if (parts.length === 0) return undefined;
  return {
    sql: `SELECT ${cellSql('0', query)} AS cell, CAST(${overSubtasks}(value) AS DOUBLE) FROM (
      SELECT bucket, part, ${overTime}(value) AS value FROM (${parts.join(' UNION ALL ')}) GROUP BY ALL
    ) GROUP BY cell`,
    parameters,
  };
}
