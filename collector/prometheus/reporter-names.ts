import { JOB_METRIC_IDS } from '../plan/job-turns.js';
import { TASK_COUNTERS } from '../plan/vertex-metrics.js';

const TASK = 'flink_taskmanager_job_task_';
const OPERATOR = 'flink_taskmanager_job_task_operator_';
const JOB = 'flink_jobmanager_job_';
const TASK_MANAGER = 'flink_taskmanager_';
const JOB_MANAGER = 'flink_jobmanager_';

/** Metrics of a task that Weir reads; the names are Flink's, `_` for every other sign. */
const TASK_METRICS = [
  ...Object.values(TASK_COUNTERS),
  'busyTimeMsPerSecond',
  'idleTimeMsPerSecond',
  'backPressuredTimeMsPerSecond',
  'numRecordsInPerSecond',
  'numRecordsOutPerSecond',
  'currentInputWatermark',
];
const OPERATOR_METRICS = ['pendingRecords', 'currentOutputWatermark', 'numRecordsOut'];

/** What a series tells of, and under which name. */
export interface SeriesMeaning {
  readonly of: 'task' | 'operator' | 'job' | 'taskManager' | 'jobManager';
  readonly metric: string;
}

const meant = (of: SeriesMeaning['of'], prefix: string, metrics: readonly string[]): [string, SeriesMeaning][] =>
  metrics.map((metric) => [prefix + metric, { of, metric }]);

const EXACT = new Map<string, SeriesMeaning>([
  ...meant('task', TASK, TASK_METRICS),
  ...meant('operator', OPERATOR, OPERATOR_METRICS),
  ...meant('job', JOB, JOB_METRIC_IDS),
]);

/** What a series of Flink's Prometheus reporter tells of; undefined for one that Weir has no use for. */
export function meaningOf(name: string): SeriesMeaning | undefined {
  const exact = EXACT.get(name);
  if (exact !== undefined) return exact;
  if (name.startsWith('flink_taskmanager_Status_'))
    return { of: 'taskManager', metric: name.slice(TASK_MANAGER.length) };
  if (name.startsWith('flink_jobmanager_Status_')) return { of: 'jobManager', metric: name.slice(JOB_MANAGER.length) };
  return undefined;
}

/**
 * A name without the signs that REST and reporter write differently: REST replaces ` `, `.`, `:` and `,` in a name, the
 * reporter all but letters, digits and colons, each by one underscore (`Source: orders` is `Source__orders` and
 * `Source:_orders`).
 */
export const plainName = (name: string): string => name.replace(/[^a-zA-Z0-9_]/g, '_');

/** All names that have a meaning, as an expression that a server matches names with. */
export const WANTED_NAMES = [
  ...EXACT.keys(),
  'flink_(taskmanager|jobmanager)_Status_(JVM|Shuffle|Network|Flink)_.+',
].join('|');
