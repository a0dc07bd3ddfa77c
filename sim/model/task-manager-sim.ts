import type { TaskManagerSpec } from './spec.js';

/** A simulated JVM: what is allocated fills the free heap, and each time it is full a collection stops everything. */
export interface TaskManagerState {
  readonly taskManagerId: string;
  readonly spec: TaskManagerSpec;
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
/** A collection copies what lives: this fast, after a fixed start. */
const COPY_BYTES_PER_MS = 1_500_000;
const PAUSE_MS = 4;
/** Even a JVM that does little else still gets some work done between collections. */
const GC_SHARE_MAX = 0.9;
/** Heartbeats, metrics and the JVM itself. */
const BASE_CPU_SHARE = 0.02;

export function createTaskManager(taskManagerId: string, spec: TaskManagerSpec): TaskManagerState {
  return {
    taskManagerId,
    spec,
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
export function collectGarbage(tm: TaskManagerState, stepMs: number): void {
  const young = Math.max(1, (tm.spec.heapBytes - tm.spec.liveBytes) * YOUNG_SHARE);
  tm.garbageBytes += tm.allocatedBytes;
  const collections = Math.floor(tm.garbageBytes / young);
  const pauseMs = PAUSE_MS + tm.spec.liveBytes / COPY_BYTES_PER_MS;
  const spentMs = Math.min(GC_SHARE_MAX * stepMs, collections * pauseMs);
  tm.garbageBytes -= collections * young;
  tm.collections += collections;
  tm.collectionMs += spentMs;
  // Smoothed, so that one collection in one step does not read as a stall of that step alone.
  tm.gcShare = 0.7 * tm.gcShare + 0.3 * (spentMs / stepMs);
  tm.cpuSeconds += (Math.min(tm.cpuMs, tm.spec.cpuCores * stepMs) + spentMs + BASE_CPU_SHARE * stepMs) / 1000;
  tm.allocatedBytes = 0;
  tm.cpuMs = 0;
}
