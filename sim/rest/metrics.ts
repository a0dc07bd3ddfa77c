import type { JobSim } from '../model/job-sim.js';
import type { SubtaskState, VertexState } from '../model/vertex-sim.js';

/** Operator metrics of a source's reader, as a FLIP-27 connector registers them. */
export function sourceMetricsOf({ spec }: VertexState): readonly string[] {
  const { source } = spec;
  if (source === undefined) return [];
  return ['pendingRecords', 'numRecordsOut', ...(source.eventTimeDelayMs === undefined ? [] : [WATERMARK_OUT])];
}
const WATERMARK_OUT = 'currentOutputWatermark';
const WATERMARK_IN = 'currentInputWatermark';

export function jobMetric(job: JobSim, id: string): string | undefined {
  switch (id) {
    case 'numRestarts':
      return '0';
    case 'numberOfCompletedCheckpoints':
      return String(job.completedCheckpoints);
    case 'numberOfFailedCheckpoints':
      return String(job.failedCheckpoints);
    case 'numberOfInProgressCheckpoints':
      return String(job.triggered - job.completedCheckpoints - job.failedCheckpoints);
    default:
      return undefined;
  }
}

export function vertexMetric(vertex: VertexState, id: string): string | undefined {
  const [index = '', ...rest] = id.split('.');
  const subtask = vertex.subtasks[Number(index)];
  const name = rest.join('.');
  if (subtask === undefined) return undefined;
  if (name === WATERMARK_IN && vertex.spec.source === undefined) return String(watermarkOf(subtask));
  if (name === `${operatorOf(vertex)}.${WATERMARK_OUT}` && sourceMetricsOf(vertex).includes(WATERMARK_OUT))
    return String(watermarkOf(subtask));
  // A reader without a partition has nobody to ask how much waits.
  if (name === `${operatorOf(vertex)}.pendingRecords`)
    return hasPartition(vertex, Number(index)) ? String(Math.round(subtask.pending)) : undefined;
  if (name === `${operatorOf(vertex)}.numRecordsOut`) return String(Math.round(subtask.recordsIn));
  const counter = COUNTERS[name];
  return counter === undefined ? undefined : String(Math.round(counter(subtask, vertex)));
}

/** What the vertex's page says too. */
const COUNTERS: Readonly<Record<string, (subtask: SubtaskState, vertex: VertexState) => number>> = {
  numRecordsIn: ({ recordsIn }, { spec }) => (spec.source === undefined ? recordsIn : 0),
  numRecordsOut: ({ recordsOut }) => recordsOut,
  numBytesIn: ({ bytesIn }, { spec }) => (spec.source === undefined ? bytesIn : 0),
  numBytesOut: ({ bytesOut }) => bytesOut,
  accumulateBusyTimeMs: ({ busyMs }) => busyMs,
  accumulateIdleTimeMs: ({ idleMs }) => idleMs,
  accumulateBackPressuredTimeMs: ({ backPressuredMs }) => backPressuredMs,
};

/** One metric over all subtasks, as `…/subtasks/metrics?get=` answers; undefined for a metric that is not there. */
export function vertexSummary(vertex: VertexState, id: string): object | undefined {
  const of = GAUGES[id] ?? (id === `${operatorOf(vertex)}.pendingRecords` ? PENDING : undefined);
  if (of === undefined) return undefined;
  const values = vertex.subtasks.map(of);
  const sum = values.reduce((total, value) => total + value, 0);
  return { id, min: Math.min(...values), max: Math.max(...values), avg: sum / values.length, sum };
}

function hasPartition({ spec: { source } }: VertexState, reader: number): boolean {
  return source?.partitions === undefined || reader < source.partitions.length;
}

/** Flink's Long.MIN_VALUE where there is none yet: as text, because it is no number of JavaScript's. */
const watermarkOf = ({ watermarkMs }: SubtaskState): string | number =>
  watermarkMs === undefined ? '-9223372036854775808' : Math.round(watermarkMs);

const MS_PER_SECOND = 1000;
const NO_WATERMARK = -9_223_372_036_854_775_808;
const PENDING = (subtask: SubtaskState): number => Math.round(subtask.pending);
const GAUGES: Readonly<Record<string, (subtask: SubtaskState) => number>> = {
  busyTimeMsPerSecond: ({ busyRatio }) => busyRatio * MS_PER_SECOND,
  backPressuredTimeMsPerSecond: ({ backPressuredRatio }) => backPressuredRatio * MS_PER_SECOND,
  numRecordsInPerSecond: ({ recordsInPerSecond }) => recordsInPerSecond,
  numRecordsOutPerSecond: ({ recordsOutPerSecond }) => recordsOutPerSecond,
  currentInputWatermark: ({ watermarkMs }) => watermarkMs ?? NO_WATERMARK,
};

/** Flink mangles operator names in metric ids: `Source: orders` becomes `Source__orders`. */
export function operatorOf({ spec }: VertexState): string {
  return spec.name.replace(/[^A-Za-z0-9>_-]/g, '_');
}
