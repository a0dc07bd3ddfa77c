import { SETTLE_GAUGE_MS, SETTLE_MS, type JobHistory, type VertexHistory } from '../../collector/model/index.js';
import { max, mean, present, sum } from '../numbers.js';
import { oncePerReading } from './per-reading.js';
import { VertexWindow } from './vertex-window.js';

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
export function loadOf(history: JobHistory, nowMs: number): LoadSignal {
  const settleMs = settleMsOf(history);
  const loads = history.vertices.map((vertex) => {
    const { newestMs, load } = loadOfReadings(vertex, settleMs);
    return nowMs - newestMs <= FRESH_MS ? load : undefined;
  });
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
const loadOfReadings = oncePerReading((vertex, settleMs: number) => {
  const window = new VertexWindow(vertex, LOAD_WINDOW_MS, settleMs);
  return { newestMs: window.newestMs, load: loadIn(window, vertex) };
});

function loadIn(window: VertexWindow, vertex: VertexHistory): VertexLoad | undefined {
  const subtasks = subtaskLoads(window);
  if (subtasks.length === 0) return undefined;
  const [busy, idle, pressed] = [
    column(subtasks, 'busyRatio'),
    column(subtasks, 'idleRatio'),
    column(subtasks, 'backPressuredRatio'),
  ];
  const total = (key: 'recordsInPerSecond' | 'recordsOutPerSecond'): number | undefined => {
    const rates = column(subtasks, key);
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
      busyMax: max(busy),
      busyMean: mean(busy),
      idleMean: mean(idle),
      backPressuredMax: max(pressed),
      backPressuredMean: mean(pressed),
      recordsInPerSecond: total('recordsInPerSecond'),
      recordsOutPerSecond: total('recordsOutPerSecond'),
    }),
  };
}

/** The values that are there. */
function column(
  subtasks: readonly SubtaskLoad[],
  key: 'busyRatio' | 'idleRatio' | 'backPressuredRatio' | 'recordsInPerSecond' | 'recordsOutPerSecond',
): readonly number[] {
  const values: number[] = [];
  for (const subtask of subtasks) {
    const value = subtask[key];
    if (value !== undefined) values.push(value);
  }
  return values;
}

function subtaskLoads(window: VertexWindow): readonly SubtaskLoad[] {
  const clock = window.clockMs();
  const shares = SHARES.map(([name, counter]) => [name, window.growth(counter)] as const);
  const rates = RATES.map(([name, counter]) => [name, window.growth(counter)] as const);
  const loads: SubtaskLoad[] = [];
  for (let subtask = 0; subtask < window.width; subtask += 1) {
    const clockMs = clock[subtask] ?? Number.NaN;
    if (Number.isNaN(clockMs) || !window.isEnough(subtask)) continue;
    const load: { -readonly [K in keyof SubtaskLoad]: SubtaskLoad[K] } = {
      subtask,
      coveredMs: window.coveredMs(subtask),
    };
    const taskManagerId = window.taskManagerId(subtask);
    if (taskManagerId !== undefined) load.taskManagerId = taskManagerId;
    for (const [name, grown] of shares) {
      const share = (grown[subtask] ?? Number.NaN) / clockMs;
      if (!Number.isNaN(share)) load[name] = Math.min(1, share);
    }
    for (const [name, grown] of rates) {
      const perSecond = ((grown[subtask] ?? Number.NaN) / clockMs) * 1000;
      if (!Number.isNaN(perSecond)) load[name] = perSecond;
    }
    loads.push(load);
  }
  return loads;
}

const SHARES = [
  ['busyRatio', 'busyMs'],
  ['idleRatio', 'idleMs'],
  ['backPressuredRatio', 'backPressuredMs'],
] as const;
const RATES = [
  ['recordsInPerSecond', 'recordsIn'],
  ['recordsOutPerSecond', 'recordsOut'],
  ['bytesInPerSecond', 'bytesIn'],
  ['bytesOutPerSecond', 'bytesOut'],
] as const;

/** Drops the keys whose value is undefined: under `exactOptionalPropertyTypes` missing means absent. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: Partial<T> = {};
  for (const key in values) if (values[key] !== undefined) kept[key] = values[key];
  // What is left has no undefined value.
  return kept as { [K in keyof T]?: Exclude<T[K], undefined> };
}
