import type { TaskManagerSpec } from './spec.js';

/** A simulated JVM: what is allocated fills the free heap, and each time it is full a collection stops everything. */
export interface TaskManagerState {
  readonly taskManagerId: string;
  spec: TaskManagerSpec;
  readonly index: number;
  readonly host: string;
  /** Heap that is still in use after a collection. */
  liveBytes: number;
  /** Computing takes so many times as long, because the tasks want more cores than there are. */
  cpuStretch: number;
  /** The collector sizes its young generation anew after each collection, so that the next comes sooner or later. */
  youngFactor: number;
  /** Garbage since the last collection. */
  garbageBytes: number;
  collections: number;
  collectionMs: number;
  cpuSeconds: number;
  /** Share of the last step spent collecting: every subtask on it lost that time. */
  gcShare: number;
  /** Garbage that the step under way makes. */
  allocatedBytes: number;
  cpuMs: number;
}

/** Part of the free heap that may fill before a young collection runs. */
const YOUNG_SHARE = 0.6;
/** How far it is sized up or down: G1 aims at its pause target, and no two collections survive alike. */
const YOUNG_WAVER = 0.25;
/** A collection copies what lives: this fast, after a fixed start. */
const COPY_BYTES_PER_MS = 1_500_000;
const PAUSE_MS = 4;
/** Even a JVM that does little else still gets some work done between collections. */
const GC_SHARE_MAX = 0.9;
/** A heap that is fuller than this throws OutOfMemoryError, which is not modelled. */
const LIVE_SHARE_MAX = 0.97;
/** Of the way towards where the work would just fit, a step goes the rest. */
const CPU_EASE = 0.7;
/** Heartbeats, metrics and the JVM itself. */
const BASE_CPU_SHARE = 0.02;

const HOSTS_PER_NET = 250;

/** Each on a machine of its own; `net` is the first half of its address. */
export function createTaskManager(
  index: number,
  net: string,
  idSuffix: string,
  spec: TaskManagerSpec,
): TaskManagerState {
  const host = `${net}.${Math.floor(index / HOSTS_PER_NET)}.${(index % HOSTS_PER_NET) + 1}`;
  return {
    taskManagerId: `${host}:6122-${idSuffix}`,
    spec,
    index,
    host,
    liveBytes: spec.liveBytes,
    cpuStretch: 1,
    youngFactor: 1,
    garbageBytes: 0,
    collections: 0,
    collectionMs: 0,
    cpuSeconds: 0,
    gcShare: 0,
    allocatedBytes: 0,
    cpuMs: 0,
  };
}

/** Ends a step: turns what was allocated into collections, and those into lost time of the next step. */
export function collectGarbage(tm: TaskManagerState, stepMs: number, noise: () => number): void {
  tm.liveBytes = Math.min(tm.liveBytes, LIVE_SHARE_MAX * tm.spec.heapBytes);
  const young = (tm.spec.heapBytes - tm.liveBytes) * YOUNG_SHARE * tm.youngFactor;
  tm.garbageBytes += tm.allocatedBytes;
  const collections = Math.floor(tm.garbageBytes / young);
  const pauseMs = PAUSE_MS + tm.liveBytes / COPY_BYTES_PER_MS;
  const spentMs = Math.min(GC_SHARE_MAX * stepMs, collections * pauseMs);
  tm.garbageBytes -= collections * young;
  tm.collections += collections;
  if (collections > 0) tm.youngFactor = 1 + YOUNG_WAVER * (2 * noise() - 1);
  tm.collectionMs += spentMs;
  // Smoothed, so that one collection in one step does not read as a stall of that step alone.
  tm.gcShare = 0.7 * tm.gcShare + 0.3 * (spentMs / stepMs);
  const used = tm.cpuMs / (tm.spec.cpuCores * stepMs);
  // Too much work for the cores takes longer until it fits, and shorter again as it fits with room.
  tm.cpuStretch = Math.max(1, used > 1 ? tm.cpuStretch * used : tm.cpuStretch * (CPU_EASE + (1 - CPU_EASE) * used));
  tm.cpuSeconds += (Math.min(tm.cpuMs, tm.spec.cpuCores * stepMs) + spentMs + BASE_CPU_SHARE * stepMs) / 1000;
  tm.allocatedBytes = 0;
  tm.cpuMs = 0;
}

/** How many times as long a record takes here, of whose time this share is computing. */
export function stretchOf(tm: TaskManagerState | undefined, cpuShare: number): number {
  if (tm === undefined) return 1;
  const { slow } = tm.spec;
  const machine = slow?.index === tm.index ? slow.factor : 1;
  return machine * (1 - cpuShare + cpuShare * tm.cpuStretch);
}
