/** How a metric is brought together: over time within one bucket, and over the subtasks of a vertex. */
export interface MetricShape {
  readonly overTime: 'avg' | 'max' | 'min';
  readonly overSubtasks: 'max' | 'sum' | 'min';
  readonly unit: 'ratio' | 'records/s' | 'bytes/s' | 'records' | 'ms' | 'bytes' | 'cores' | 'count';
}

/** Per subtask. Ratios take the busiest subtask, because a mean hides the one that limits. */
export const VERTEX_METRICS = {
  busyRatio: { overTime: 'avg', overSubtasks: 'max', unit: 'ratio' },
  idleRatio: { overTime: 'avg', overSubtasks: 'min', unit: 'ratio' },
  backPressuredRatio: { overTime: 'avg', overSubtasks: 'max', unit: 'ratio' },
  recordsInPerSecond: { overTime: 'avg', overSubtasks: 'sum', unit: 'records/s' },
  recordsOutPerSecond: { overTime: 'avg', overSubtasks: 'sum', unit: 'records/s' },
  bytesInPerSecond: { overTime: 'avg', overSubtasks: 'sum', unit: 'bytes/s' },
  bytesOutPerSecond: { overTime: 'avg', overSubtasks: 'sum', unit: 'bytes/s' },
  pendingRecords: { overTime: 'max', overSubtasks: 'sum', unit: 'records' },
  watermarkMs: { overTime: 'max', overSubtasks: 'min', unit: 'ms' },
} as const satisfies Readonly<Record<string, MetricShape>>;
export type VertexMetric = keyof typeof VERTEX_METRICS;

export const TASK_MANAGER_METRICS = {
  heapUsedRatio: { overTime: 'max', overSubtasks: 'max', unit: 'ratio' },
  gcTimeRatio: { overTime: 'max', overSubtasks: 'max', unit: 'ratio' },
  cpuCoresUsed: { overTime: 'avg', overSubtasks: 'sum', unit: 'cores' },
  cpuLoadRatio: { overTime: 'avg', overSubtasks: 'max', unit: 'ratio' },
  managedUsedRatio: { overTime: 'max', overSubtasks: 'max', unit: 'ratio' },
  metaspaceUsedRatio: { overTime: 'max', overSubtasks: 'max', unit: 'ratio' },
  directUsedBytes: { overTime: 'max', overSubtasks: 'sum', unit: 'bytes' },
  networkUsedRatio: { overTime: 'max', overSubtasks: 'max', unit: 'ratio' },
} as const satisfies Readonly<Record<string, MetricShape>>;
export type TaskManagerMetric = keyof typeof TASK_MANAGER_METRICS;

export const JOB_METRICS = {
  lagRecords: { overTime: 'max', overSubtasks: 'sum', unit: 'records' },
  restarts: { overTime: 'max', overSubtasks: 'max', unit: 'count' },
  checkpointAgeMs: { overTime: 'max', overSubtasks: 'max', unit: 'ms' },
  checkpointDurationMs: { overTime: 'max', overSubtasks: 'max', unit: 'ms' },
  checkpointSizeBytes: { overTime: 'max', overSubtasks: 'max', unit: 'bytes' },
} as const satisfies Readonly<Record<string, MetricShape>>;
export type JobMetric = keyof typeof JOB_METRICS;

export type SeriesMetric = VertexMetric | TaskManagerMetric | JobMetric;

export const isVertexMetric = (metric: string): metric is VertexMetric => Object.hasOwn(VERTEX_METRICS, metric);
export const isTaskManagerMetric = (metric: string): metric is TaskManagerMetric =>
  Object.hasOwn(TASK_MANAGER_METRICS, metric);
export const isJobMetric = (metric: string): metric is JobMetric => Object.hasOwn(JOB_METRICS, metric);
export const isSeriesMetric = (metric: string): metric is SeriesMetric =>
  isVertexMetric(metric) || isTaskManagerMetric(metric) || isJobMetric(metric);

export function shapeOf(metric: SeriesMetric): MetricShape {
  if (isVertexMetric(metric)) return VERTEX_METRICS[metric];
  return isJobMetric(metric) ? JOB_METRICS[metric] : TASK_MANAGER_METRICS[metric];
}
