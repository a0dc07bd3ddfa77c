import { SETTLE_GAUGE_MS, SETTLE_MS, type JobHistory, type VertexHistory } from '../../collector/model/index.js';
import { LoadColumns, type BusyHere } from './load-columns.js';
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
  /** Busy ratios of its subtasks added up, 0 where none is known. */
  readonly busySum: number;
  readonly idleMean?: number;
  readonly backPressuredMax?: number;
  readonly backPressuredMean?: number;
  readonly recordsInPerSecond?: number;
  readonly recordsOutPerSecond?: number;
  /** Of those of its subtasks that tell it. */
  readonly bytesInPerSecond?: number;
  /** Its tasks on each TaskManager, and their busy ratios added up. */
  byTaskManager(): ReadonlyMap<string, Readonly<BusyHere>>;
}

export type LoadSignal = ReadonlyMap<string, VertexLoad>;

/** Load of every vertex that has settled readings; a vertex without them is not in the map. */
export function loadOf(history: JobHistory, nowMs: number): LoadSignal {
  const settleMs = settleMsOf(history);
  const loads = new Map<string, VertexLoad>();
  for (const vertex of history.vertices) {
    const { newestMs, load } = loadOfReadings(vertex, settleMs);
    if (load !== undefined && nowMs - newestMs <= FRESH_MS) loads.set(load.vertexId, load);
  }
  return loads;
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
  const columns = new LoadColumns(window);
  return columns.length === 0 ? undefined : new LoadOfVertex(columns, vertex);
}

/** Its subtasks become objects when somebody looks at them: of most vertices nobody does. */
class LoadOfVertex implements VertexLoad {
  readonly vertexId: string;
  readonly name: string;
  readonly parallelism: number;
  declare readonly maxParallelism?: number;
  declare readonly busyMax?: number;
  declare readonly busyMean?: number;
  readonly busySum: number;
  declare readonly idleMean?: number;
  declare readonly backPressuredMax?: number;
  declare readonly backPressuredMean?: number;
  declare readonly recordsInPerSecond?: number;
  declare readonly recordsOutPerSecond?: number;
  declare readonly bytesInPerSecond?: number;
  readonly #columns: LoadColumns;
  #places: ReadonlyMap<string, Readonly<BusyHere>> | undefined;

  constructor(columns: LoadColumns, { vertexId, name, parallelism, maxParallelism }: VertexHistory) {
    this.#columns = columns;
    this.vertexId = vertexId;
    this.name = name;
    this.parallelism = parallelism ?? columns.length;
    if (maxParallelism !== undefined) this.maxParallelism = maxParallelism;
    const busy = columns.totalOf('busyRatio');
    this.busySum = busy.sum;
    if (busy.count > 0) {
      this.busyMax = busy.max;
      this.busyMean = busy.sum / busy.count;
    }
    const idle = columns.totalOf('idleRatio');
    if (idle.count > 0) this.idleMean = idle.sum / idle.count;
    const pressed = columns.totalOf('backPressuredRatio');
    if (pressed.count > 0) {
      this.backPressuredMax = pressed.max;
      this.backPressuredMean = pressed.sum / pressed.count;
    }
    // A rate over some of the subtasks would look like a drop in traffic.
    const [read, written] = [columns.totalOf('recordsInPerSecond'), columns.totalOf('recordsOutPerSecond')];
    if (read.count >= this.parallelism) this.recordsInPerSecond = read.sum;
    if (written.count >= this.parallelism) this.recordsOutPerSecond = written.sum;
    const bytes = columns.totalOf('bytesInPerSecond');
    if (bytes.count > 0) this.bytesInPerSecond = bytes.sum;
  }

  get subtasks(): readonly SubtaskLoad[] {
    return this.#columns.toLoads();
  }

  byTaskManager(): ReadonlyMap<string, Readonly<BusyHere>> {
    return (this.#places ??= this.#columns.byTaskManager());
  }
}

/** Drops the keys whose value is undefined: under `exactOptionalPropertyTypes` missing means absent. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: Partial<T> = {};
  for (const key in values) if (values[key] !== undefined) kept[key] = values[key];
  // What is left has no undefined value.
  return kept as { [K in keyof T]?: Exclude<T[K], undefined> };
}
