import { stepOf } from '../buckets.js';
import { JOB, SUBTASK, TASK_MANAGER, VERTEX } from '../line/points.js';
import { toTag } from '../line/text.js';
import { isJobMetric, isVertexMetric, shapeOf } from '../series-metrics.js';
import type { JobSelector, SeriesQuery } from '../series-store.js';

/** What brings a series together, and how many readings each of its values comes from. */
export interface Expressions {
  readonly value: string;
  readonly readings: string;
}

type Labels = Readonly<Record<string, string | undefined>>;

/** Of the parts (subtasks, TaskManagers, lives of a job) brought together, and of the whole vertex. */
export function seriesExpressions(database: string, query: SeriesQuery): readonly Expressions[] {
  const { metric, cluster } = query;
  const vertex = { ...jobLabels(query), vertex_id: query.vertexId ?? '' };
  if (isVertexMetric(metric)) {
    const ofSubtasks = parts(query, selector(database, SUBTASK, metric, { ...vertex, subtask: query.subtask?.toString() }), 'subtask'); // prettier-ignore
    return query.subtask === undefined
      ? [ofSubtasks, parts(query, selector(database, VERTEX, metric, vertex), 'vertex_id')]
      : [ofSubtasks];
  }
  if (isJobMetric(metric)) return [parts(query, selector(database, JOB, metric, jobLabels(query)), 'job_id')];
  const manager = { cluster, task_manager_id: query.taskManagerId };
  return [parts(query, selector(database, TASK_MANAGER, metric, manager), 'task_manager_id')];
}

const jobLabels = ({ cluster, jobName, jobId }: JobSelector): Labels => ({ cluster, job_name: jobName, job_id: jobId });

/** `toTag` leaves nothing that could end the quotes. The database of the line protocol is a label here. */
export function selector(database: string, measurement: string, field: string, labels: Labels): string {
  const conditions = Object.entries({ ...labels }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${toTag(value)}"`],
  );
  return `${measurement}_${field}{${[`db="${toTag(database)}"`, ...conditions].join(',')}}`;
}

/** Over time for each part first, an average over all readings of it, in whatever series they lie. */
function parts(query: SeriesQuery, series: string, part: string): Expressions {
  const { overTime, overSubtasks } = shapeOf(query.metric);
  const window = `${series}[${stepOf(query)}ms]`;
  const readings = `sum by (${part}) (count_over_time(${window}))`;
  const value =
    overTime === 'avg'
      ? `sum by (${part}) (sum_over_time(${window})) / ${readings}`
      : `${overTime} by (${part}) (${overTime}_over_time(${window}))`;
  return { value: `${overSubtasks}(${value})`, readings: `max(${readings})` };
}
