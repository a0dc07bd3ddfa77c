import {
  SETTLE_GAUGE_MS,
  SETTLE_MS,
  type JobHistory,
  type SubtaskHistory,
  type VertexHistory,
} from '../../collector/model/index.js';
import { max, mean, present, sum } from '../numbers.js';
import { elapsedMs, growth, isEnough, settledSamples } from './window.js';

/** Load is judged over the last minute: six of Flink's 10 s refreshes. The life cycle adds the persistence. */
export const LOAD_WINDOW_MS = 60_000;

/** What one subtask did in the window. Ratios 0–1 of its own time, rates per second. */
export interface SubtaskLoad {
  readonly subtask: number;
  readonly taskManagerId?: string;
  readonly busyRatio?: number;
  readonly idleRatio?: number;
  readonly backPressuredRatio?: number;
  readonly recordsInPerSecond?: number;
  readonly recordsOutPerSecond?: number;
  readonly bytesInPerSecond?: number;
  readonly bytesOutPerSecond?: number;
  /** Time between the first and the last reading that went in. */
  readonly coveredMs: number;
}

export interface VertexLoad {
  readonly vertexId: string;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism?: number;
  readonly subtasks: readonly SubtaskLoad[];
  readonly busyMax?: number;
  readonly busyMean?: number;
  readonly idleMean?: number;
  readonly backPressuredMax?: number;
  readonly backPressuredMean?: number;
  readonly recordsInPerSecond?: number;
  readonly recordsOutPerSecond?: number;
}

export type LoadSignal = ReadonlyMap<string, VertexLoad>;

/** Load of every vertex that has settled readings; a vertex without them is not in the map. */
export function loadOf(history: JobHistory, nowMs: number, windowMs: number = LOAD_WINDOW_MS): LoadSignal {
  const settleMs = settleMsOf(history);
  const loads = history.vertices.map((vertex) => vertexLoad(vertex, nowMs, windowMs, settleMs));
  return new Map(present(loads).map((load) => [load.vertexId, load]));
}

/** `accumulated-*-time` came with 1.16; an unknown version is treated as the old one: it only waits longer. */
export function settleMsOf({ flinkVersion: version }: Pick<JobHistory, 'flinkVersion'>): number {
  return version !== undefined && (version.major > 1 || version.minor >= 16) ? SETTLE_MS : SETTLE_GAUGE_MS;
}

/** Readings older than this say nothing of now: a wide vertex is read once a minute. */
const FRESH_MS = 90_000;

/**
 * The window ends with the vertex's newest reading, so that the load is a matter of its readings alone; between two
 * readings of a wide, calm vertex, which lie a minute apart, it is not derived anew in every beat.
 */
function vertexLoad(vertex: VertexHistory, nowMs: number, windowMs: number, settleMs: number): VertexLoad | undefined {
  const { subtasks } = vertex;
  const key = `${vertex.parallelism} ${vertex.maxParallelism} ${windowMs} ${settleMs}`;
  const known = derived.get(subtasks);
  const entry = known?.key === key ? known : { key, ...loadOfReadings(vertex, windowMs, settleMs) };
  derived.set(subtasks, entry);
  return nowMs - entry.newestMs <= FRESH_MS ? entry.load : undefined;
}

interface Derived {
  readonly key: string;
  readonly newestMs: number;
  readonly load: VertexLoad | undefined;
}

/** By the array of subtasks, which the collector makes anew with every reading. */
const derived = new WeakMap<VertexHistory['subtasks'], Derived>();

function loadOfReadings(vertex: VertexHistory, windowMs: number, settleMs: number): Omit<Derived, 'key'> {
  const newestMs = max(vertex.subtasks.map(({ samples }) => samples.at(-1)?.atMs ?? 0)) ?? 0;
  return { newestMs, load: loadAt(vertex, newestMs, windowMs, settleMs) };
}

function loadAt(vertex: VertexHistory, nowMs: number, windowMs: number, settleMs: number): VertexLoad | undefined {
  const current = vertex.subtasks.filter(({ subtask }) => subtask < (vertex.parallelism ?? Infinity));
  const subtasks = present(current.map((subtask) => subtaskLoad(subtask, nowMs, windowMs, settleMs)));
  if (subtasks.length === 0) return undefined;
  const of = (key: 'busyRatio' | 'idleRatio' | 'backPressuredRatio'): number[] =>
    present(subtasks.map((subtask) => subtask[key]));
  const total = (key: 'recordsInPerSecond' | 'recordsOutPerSecond'): number | undefined => {
    const rates = present(subtasks.map((subtask) => subtask[key]));
    // A rate over some of the subtasks would look like a drop in traffic.
    return rates.length < (vertex.parallelism ?? subtasks.length) ? undefined : sum(rates);
  };
  return {
    vertexId: vertex.vertexId,
    name: vertex.name,
    parallelism: vertex.parallelism ?? subtasks.length,
    ...(vertex.maxParallelism === undefined ? {} : { maxParallelism: vertex.maxParallelism }),
    subtasks,
    ...defined({
      busyMax: max(of('busyRatio')),
      busyMean: mean(of('busyRatio')),
      idleMean: mean(of('idleRatio')),
      backPressuredMax: max(of('backPressuredRatio')),
      backPressuredMean: mean(of('backPressuredRatio')),
      recordsInPerSecond: total('recordsInPerSecond'),
      recordsOutPerSecond: total('recordsOutPerSecond'),
    }),
  };
}

function subtaskLoad(
  history: SubtaskHistory,
  nowMs: number,
  windowMs: number,
  settleMs: number,
): SubtaskLoad | undefined {
  const samples = settledSamples(history, nowMs, windowMs, settleMs);
  const first = samples[0];
  const last = samples.at(-1);
  const clockMs = elapsedMs(samples);
  if (first === undefined || last === undefined || clockMs === undefined || !isEnough(samples)) return undefined;
  const share = (time: number | undefined): number | undefined =>
    time === undefined ? undefined : Math.min(1, time / clockMs);
  const rate = (count: number | undefined): number | undefined =>
    count === undefined ? undefined : (count / clockMs) * 1000;
  return {
    subtask: history.subtask,
    coveredMs: last.atMs - first.atMs,
    ...defined({
      taskManagerId: last.taskManagerId,
      busyRatio: share(growth(samples, 'busyMs')),
      idleRatio: share(growth(samples, 'idleMs')),
      backPressuredRatio: share(growth(samples, 'backPressuredMs')),
      recordsInPerSecond: rate(growth(samples, 'recordsIn')),
      recordsOutPerSecond: rate(growth(samples, 'recordsOut')),
      bytesInPerSecond: rate(growth(samples, 'bytesIn')),
      bytesOutPerSecond: rate(growth(samples, 'bytesOut')),
    }),
  };
}

/** Drops the keys whose value is undefined: under `exactOptionalPropertyTypes` missing means absent. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: Partial<T> = {};
  for (const key in values) if (values[key] !== undefined) kept[key] = values[key];
  // What is left has no undefined value.
  return kept as { [K in keyof T]?: Exclude<T[K], undefined> };
}
