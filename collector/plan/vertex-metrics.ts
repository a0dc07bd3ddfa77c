/** Operators whose gauges a source's subtasks have, as their mangled names: `Source__orders`. */
export interface SourceOperators {
  readonly pendingRecords: readonly string[];
  readonly outputWatermark: readonly string[];
  readonly recordsOut: readonly string[];
}

/** At most this many operators of a chain are asked for a watermark: the source and those that assign timestamps. */
const MAX_WATERMARK_OPERATORS = 2;

const operatorsWith = (ids: readonly string[], metric: string): readonly string[] =>
  ids.filter((id) => id.endsWith(`.${metric}`)).map((id) => id.slice(0, -metric.length - 1));

const isSource = (operator: string): boolean => operator.startsWith('Source_');

/** Which operators to ask, from the list of a source vertex's metric names. */
export function findSourceOperators(ids: readonly string[]): SourceOperators {
  return {
    pendingRecords: operatorsWith(ids, 'pendingRecords'),
    outputWatermark: operatorsWith(ids, 'currentOutputWatermark')
      .filter((operator) => isSource(operator) || /Timestamps\/Watermarks/.test(operator))
      .slice(0, MAX_WATERMARK_OPERATORS),
    recordsOut: operatorsWith(ids, 'numRecordsOut').filter(isSource).slice(0, 1),
  };
}

/** Gauges of every task on every version, for one summary over all subtasks. */
export const SUMMARY_IDS = [
  'busyTimeMsPerSecond',
  'backPressuredTimeMsPerSecond',
  'numRecordsInPerSecond',
  'numRecordsOutPerSecond',
] as const;

/** Gauges that stand in for the accumulated times before 1.16. */
export const LOAD_GAUGES = {
  busyMs: 'busyTimeMsPerSecond',
  idleMs: 'idleTimeMsPerSecond',
  backPressuredMs: 'backPressuredTimeMsPerSecond',
} as const;

/** Counters of every task from 1.16 on: what its vertex's page says of it. */
export const TASK_COUNTERS = {
  recordsIn: 'numRecordsIn',
  recordsOut: 'numRecordsOut',
  bytesIn: 'numBytesIn',
  bytesOut: 'numBytesOut',
  busyMs: 'accumulateBusyTimeMs',
  idleMs: 'accumulateIdleTimeMs',
  backPressuredMs: 'accumulateBackPressuredTimeMs',
} as const;

export interface VertexMetricNeeds {
  readonly parallelism: number;
  /** Undefined for a vertex with inputs. */
  readonly source?: SourceOperators;
  readonly isSource: boolean;
  readonly loadGauges: boolean;
  /** In place of the vertex's page. */
  readonly counters: boolean;
  /** Watermarks of a vertex with inputs; those of a source come with its other gauges. */
  readonly watermarks: boolean;
}

/** Ids of vertices with inputs depend on nothing but their width; so many are held, and all are made anew when there are more. */
const MAX_KNOWN_IDS = 32;
const knownIds = new Map<string, readonly string[]>();

/** The ids to ask of `/jobs/:jobid/vertices/:vertexid/metrics?get=`, by subtask. */
export function vertexMetricIds(needs: VertexMetricNeeds): readonly string[] {
  if (needs.isSource) return idsOf(needs);
  const key = `${needs.parallelism} ${needs.loadGauges} ${needs.counters} ${needs.watermarks}`;
  const known = knownIds.get(key);
  if (known !== undefined) return known;
  if (knownIds.size >= MAX_KNOWN_IDS) knownIds.clear();
  const ids = idsOf(needs);
  knownIds.set(key, ids);
  return ids;
}

function idsOf(needs: VertexMetricNeeds): readonly string[] {
  const names = [
    ...(needs.isSource ? sourceNames(needs.source) : needs.watermarks ? ['currentInputWatermark'] : []),
    ...(needs.loadGauges ? Object.values(LOAD_GAUGES) : []),
    ...(needs.counters ? Object.values(TASK_COUNTERS) : []),
  ];
  return Array.from({ length: needs.parallelism }, (_, subtask) => names.map((name) => `${subtask}.${name}`)).flat();
}

function sourceNames(source: SourceOperators | undefined): readonly string[] {
  if (source === undefined) return [];
  return [
    ...source.pendingRecords.map((operator) => `${operator}.pendingRecords`),
    ...source.outputWatermark.map((operator) => `${operator}.currentOutputWatermark`),
    ...source.recordsOut.map((operator) => `${operator}.numRecordsOut`),
  ];
}
