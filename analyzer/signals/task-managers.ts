import type {
  GarbageCollector,
  JobHistory,
  TaskManagerHistory,
  TaskManagerSample,
} from '../../collector/model/index.js';
import { max, min, present, quantile, sum } from '../numbers.js';
import { defined, LOAD_WINDOW_MS, type LoadSignal } from './load.js';
import { oncePerWindow } from './per-process-window.js';

/** GC is judged over the last 90 s: REST shows TaskManager figures that may be 10–20 s old. */
export const TM_WINDOW_MS = 90_000;
/**
 * CPU is held against the busy time of the tasks, so it is judged over as long as that, where that has readings enough: after
 * a change the older third of the longer window made waiting look like computing for up to 50 s (seeds of slow-sink).
 */
const CPU_WINDOW_MS = LOAD_WINDOW_MS;
const MIN_SAMPLES = 3;

/** Collectors that work beside the program; their time is no pause (FLINK bean names, diagnosis §1.1). */
const CONCURRENT = /^(ZGC.*Cycles|Shenandoah.*Cycles|.*Major_Cycles|.*Minor_Cycles|G1_Concurrent_GC)$/i;
const FULL = /^(G1_Old_Generation|PS_MarkSweep|MarkSweepCompact|ConcurrentMarkSweep)$/i;

/** What one TaskManager did in the window. */
export interface TaskManagerLoad {
  readonly taskManagerId: string;
  readonly host: string;
  readonly slots: number;
  readonly slotsFree: number;
  readonly cpuCores: number;
  readonly gone: boolean;
  readonly windowMs: number;
  /** Share of wall time in stop-the-world collections. */
  readonly gcRatio?: number;
  readonly collectionsPerSecond?: number;
  readonly fullCollectionsPerSecond?: number;
  /** Mean length of one collection. */
  readonly gcPauseMs?: number;
  readonly heapMaxBytes?: number;
  readonly heapUsedBytes?: number;
  /** Low and high readings of the heap in the window: the 10 % quantile stands for the troughs. */
  readonly heapLowBytes?: number;
  readonly heapHighBytes?: number;
  readonly managedUsedBytes?: number;
  readonly managedTotalBytes?: number;
  readonly cpuCoresUsed?: number;
  /** Sum of busy ratios of this job's subtasks on it, and the vertices they belong to. */
  readonly busySum: number;
  readonly vertexIds: readonly string[];
  readonly memory: TaskManagerHistory['memory'];
  readonly samples: number;
}

export function taskManagersOf(history: JobHistory, load: LoadSignal, nowMs: number): readonly TaskManagerLoad[] {
  const { idle, places } = allIdle(history.taskManagers, nowMs);
  const all = idle.slice();
  for (const [taskManagerId, { busySum, vertexIds }] of tasksByTaskManager(load)) {
    const place = places.get(taskManagerId);
    const one = place === undefined ? undefined : idle[place];
    if (place !== undefined && one !== undefined) all[place] = { ...one, busySum, vertexIds };
  }
  return all;
}

const hereOf = new WeakMap<readonly TaskManagerLoad[], readonly TaskManagerLoad[]>();

/** Those that are there and run tasks of the job: most rules ask, and a cluster may have a thousand others. */
export function runningHere(taskManagers: readonly TaskManagerLoad[]): readonly TaskManagerLoad[] {
  let here = hereOf.get(taskManagers);
  if (here === undefined) {
    here = taskManagers.filter(({ gone, vertexIds }) => !gone && vertexIds.length > 0);
    hereOf.set(taskManagers, here);
  }
  return here;
}

/** What is kept of them, in their order. */
export function historiesOf(
  history: Pick<JobHistory, 'taskManagers'>,
  taskManagers: readonly TaskManagerLoad[],
): readonly TaskManagerHistory[] {
  const places = placesOf(history.taskManagers);
  return present(taskManagers.map(({ taskManagerId }) => history.taskManagers[places.get(taskManagerId) ?? -1]));
}

interface AllIdle {
  readonly nowMs: number;
  readonly idle: readonly TaskManagerLoad[];
  readonly places: ReadonlyMap<string, number>;
}

const idleOf = new WeakMap<readonly TaskManagerHistory[], AllIdle>();

/** As if none of them ran a task, once for all jobs of a cluster that are judged at one moment. */
function allIdle(taskManagers: readonly TaskManagerHistory[], nowMs: number): AllIdle {
  const known = idleOf.get(taskManagers);
  if (known?.nowMs === nowMs) return known;
  const idle = taskManagers.map((taskManager) => withoutTasks(taskManager, nowMs - TM_WINDOW_MS));
  const all = { nowMs, idle, places: placesOf(taskManagers) };
  idleOf.set(taskManagers, all);
  return all;
}

const placesKept = new WeakMap<readonly TaskManagerHistory[], ReadonlyMap<string, number>>();

function placesOf(taskManagers: readonly TaskManagerHistory[]): ReadonlyMap<string, number> {
  let places = placesKept.get(taskManagers);
  if (places === undefined) {
    places = new Map(taskManagers.map(({ taskManagerId }, place) => [taskManagerId, place]));
    placesKept.set(taskManagers, places);
  }
  return places;
}

interface TasksHere {
  busySum: number;
  readonly vertexIds: string[];
}

function tasksByTaskManager(load: LoadSignal): ReadonlyMap<string, TasksHere> {
  const tasks = new Map<string, TasksHere>();
  for (const vertex of load.values()) {
    for (const [taskManagerId, { busySum }] of vertex.byTaskManager()) {
      let here = tasks.get(taskManagerId);
      if (here === undefined) tasks.set(taskManagerId, (here = { busySum: 0, vertexIds: [] }));
      here.busySum += busySum;
      here.vertexIds.push(vertex.vertexId);
    }
  }
  return tasks;
}

/** The same for every job that has no task there: a cluster may have a thousand jobs and as many TaskManagers. */
const withoutTasks = oncePerWindow((within, taskManager: TaskManagerHistory): TaskManagerLoad => {
  const { taskManagerId, host, slots, slotsFree, cpuCores, memory, goneMs } = taskManager;
  const samples = changed(within);
  const first = samples[0];
  const last = samples.at(-1);
  const enough = samples.length >= MIN_SAMPLES && first !== undefined && last !== undefined;
  const heap = present(samples.map((sample) => sample.heapUsedBytes));
  return {
    taskManagerId,
    host,
    slots,
    slotsFree,
    cpuCores,
    gone: goneMs !== undefined,
    busySum: 0,
    vertexIds: NO_VERTICES,
    memory,
    windowMs: enough ? last.atMs - first.atMs : 0,
    samples: samples.length,
    ...defined({
      heapUsedBytes: last?.heapUsedBytes,
      heapMaxBytes: last?.heapMaxBytes,
      heapLowBytes: quantile(heap, 0.1) ?? min(heap),
      heapHighBytes: max(heap),
      managedUsedBytes: max(present(samples.map((sample) => sample.managedUsedBytes))),
      managedTotalBytes: last?.managedTotalBytes,
      ...(enough ? { ...collections(first, last), cpuCoresUsed: coresUsed(firstForCpu(samples) ?? first, last) } : {}),
    }),
  };
});

const NO_VERTICES: readonly string[] = [];

function collections(
  first: TaskManagerSample,
  last: TaskManagerSample,
): Pick<TaskManagerLoad, 'gcRatio' | 'collectionsPerSecond' | 'fullCollectionsPerSecond' | 'gcPauseMs'> {
  const spanMs = last.atMs - first.atMs;
  const pausing = last.collectors.filter((collector) => !CONCURRENT.test(collector.name));
  if (pausing.length === 0 || spanMs <= 0) return {};
  const grown = (pick: (collector: GarbageCollector) => number, only?: RegExp): number =>
    sum(
      pausing
        .filter((collector) => only?.test(collector.name) ?? true)
        .map((collector) => {
          const before = first.collectors.find((candidate) => candidate.name === collector.name);
          return Math.max(0, pick(collector) - (before === undefined ? pick(collector) : pick(before)));
        }),
    );
  const timeMs = grown((collector) => collector.timeMs);
  const count = grown((collector) => collector.count);
  return {
    gcRatio: Math.min(1, timeMs / spanMs),
    collectionsPerSecond: (count / spanMs) * 1000,
    fullCollectionsPerSecond: (grown((collector) => collector.count, FULL) / spanMs) * 1000,
    ...(count === 0 ? {} : { gcPauseMs: timeMs / count }),
  };
}

/** Where the shorter window begins; undefined where it has too few readings. */
function firstForCpu(samples: readonly TaskManagerSample[]): TaskManagerSample | undefined {
  const fromMs = (samples.at(-1)?.atMs ?? 0) - CPU_WINDOW_MS;
  const recent = samples.filter(({ atMs }) => atMs >= fromMs);
  return recent.length >= MIN_SAMPLES ? recent[0] : undefined;
}

/** F14: CPU seconds used over seconds passed. */
function coresUsed(first: TaskManagerSample, last: TaskManagerSample): number | undefined {
  if (first.cpuTimeSeconds === undefined || last.cpuTimeSeconds === undefined) return undefined;
  const spanSeconds = (last.atMs - first.atMs) / 1000;
  return spanSeconds <= 0 ? undefined : Math.max(0, (last.cpuTimeSeconds - first.cpuTimeSeconds) / spanSeconds);
}

/** Readings whose CPU and GC counters moved: REST repeats the last fetch for up to 10 s. */
function changed(samples: readonly TaskManagerSample[]): readonly TaskManagerSample[] {
  return samples.filter((sample, i) => {
    const previous = samples[i - 1];
    return (
      previous === undefined ||
      sample.cpuTimeSeconds !== previous.cpuTimeSeconds ||
      sample.heapUsedBytes !== previous.heapUsedBytes
    );
  });
}
