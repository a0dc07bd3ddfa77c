import { stepOf } from '../buckets.js';
import { JOB, SUBTASK, TASK_MANAGER, VERTEX } from '../line/points.js';
import { isJobMetric, isVertexMetric, shapeOf, type MetricShape } from '../series-metrics.js';
import type { SeriesQuery } from '../series-store.js';
import { conditions } from './records.js';

export const SAMPLES = 'samples';

const FUNCTIONS = { avg: 'mean', max: 'max', min: 'min', sum: 'sum' } as const satisfies Readonly<
  Record<MetricShape['overTime' | 'overSubtasks'], string>
>;

/** Two statements of InfluxQL: of the parts (subtasks, TaskManagers, lives of a job) brought together, and of the whole vertex. */
export function seriesStatements(query: SeriesQuery): readonly string[] {
  const { metric } = query;
  const vertex = { vertex_id: query.vertexId ?? '' };
  if (isVertexMetric(metric)) {
    const ofSubtasks = partsStatement(query, SUBTASK, 'subtask', conditions(query, { ...vertex, subtask: query.subtask?.toString() })); // prettier-ignore
    return query.subtask === undefined ? [ofSubtasks, wholeStatement(query, conditions(query, vertex))] : [ofSubtasks];
  }
  if (isJobMetric(metric)) return [partsStatement(query, JOB, 'job_id', conditions(query))];
  const ofManager = conditions({ cluster: query.cluster }, { task_manager_id: query.taskManagerId });
  return [partsStatement(query, TASK_MANAGER, 'task_manager_id', ofManager)];
}

/** Buckets begin with the query, not with the epoch. */
const bucket = (query: SeriesQuery): string => `time(${stepOf(query)}ms, ${query.fromMs % stepOf(query)}ms)`;
const range = ({ fromMs, toMs }: SeriesQuery): string => `time >= ${fromMs}ms AND time < ${toMs}ms`;

function overTime(query: SeriesQuery, measurement: string, where: string, by: string): string {
  const field = `"${query.metric}"`;
  return `SELECT ${FUNCTIONS[shapeOf(query.metric).overTime]}(${field}) AS value, count(${field}) AS n FROM "${SAMPLES}"."${measurement}"
    WHERE ${where} AND ${range(query)} GROUP BY ${bucket(query)}${by} fill(none)`;
}

const wholeStatement = (query: SeriesQuery, where: string): string => overTime(query, VERTEX, where, '');

function partsStatement(query: SeriesQuery, measurement: string, part: string, where: string): string {
  return `SELECT ${FUNCTIONS[shapeOf(query.metric).overSubtasks]}(value) AS value, max(n) AS n
    FROM (${overTime(query, measurement, where, `, "${part}"`)}) WHERE ${range(query)} GROUP BY ${bucket(query)} fill(none)`;
}
