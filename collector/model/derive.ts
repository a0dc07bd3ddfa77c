import type { GarbageCollector, TaskManagerSample } from './cluster.js';
import { defined } from './defined.js';
import type { SampleView } from './frames.js';
import type { SubtaskSample } from './job.js';

/**
 * What one subtask did between two readings of the same attempt. Ratios are 0–1 of the task's own time.
 * A figure is missing where one of the readings lacks it, and after a restart until the second reading.
 */
export interface SubtaskRates {
  readonly busyRatio?: number;
  readonly idleRatio?: number;
  readonly backPressuredRatio?: number;
  readonly recordsInPerSecond?: number;
  readonly recordsOutPerSecond?: number;
  readonly bytesInPerSecond?: number;
  readonly bytesOutPerSecond?: number;
  readonly pendingRecords?: number;
  readonly watermarkMs?: number;
}

/** What one TaskManager did between two readings; levels need only the second one. */
export interface TaskManagerRates {
  readonly heapUsedRatio?: number;
  /** Share of wall time spent in garbage collection, 0–1. */
  readonly gcTimeRatio?: number;
  readonly cpuCoresUsed?: number;
  readonly cpuLoadRatio?: number;
  readonly managedUsedRatio?: number;
  readonly metaspaceUsedRatio?: number;
  readonly directUsedBytes?: number;
  readonly networkUsedRatio?: number;
}

/** Accumulated busy time steps back by 1–4 ms on idle subtasks (REST-TRUTH fact 3): such a step is no step. */
const MAX_STEP_BACK_MS = 100;

const isSameAttempt = (a: SampleView, b: SampleView): boolean =>
  a.attempt === b.attempt && (a.startMs === undefined || b.startMs === undefined || a.startMs === b.startMs);

function timeStep(before: number | undefined, after: number | undefined): number | undefined {
  if (before === undefined || after === undefined) return undefined;
  const step = after - before;
  if (step >= 0) return step;
  return step >= -MAX_STEP_BACK_MS ? 0 : undefined;
}

/** A counter that went down was reset: then its step is not known. */
function counterStep(before: number | undefined, after: number | undefined): number | undefined {
  if (before === undefined || after === undefined || after < before) return undefined;
  return after - before;
}

/**
 * Figures between two readings of one subtask; `previous` is the reading before `current`, or undefined.
 * The three accumulated times are their own clock, because Flink fills them at its metric fetch and not at our request
 * (REST-TRUTH fact 1: against wall time the same steps are off by up to 2.8 times). Without them wall time is all there is.
 */
export function deriveSubtask(previous: SampleView | undefined, current: SubtaskSample): SubtaskRates {
  // Field by field: a fleet's million subtasks are derived every minute.
  const rates: Writable<SubtaskRates> = {};
  if (previous !== undefined && isSameAttempt(previous, current)) deriveSteps(rates, previous, current);
  if (current.pendingRecords !== undefined) rates.pendingRecords = current.pendingRecords;
  if (current.watermarkMs !== undefined) rates.watermarkMs = current.watermarkMs;
  return rates;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function deriveSteps(rates: Writable<SubtaskRates>, previous: SampleView, current: SubtaskSample): void {
  const busyMs = timeStep(previous.busyMs, current.busyMs);
  const idleMs = timeStep(previous.idleMs, current.idleMs);
  const backPressuredMs = timeStep(previous.backPressuredMs, current.backPressuredMs);
  const taskMs = sumOf(busyMs, idleMs, backPressuredMs);
  if (taskMs !== undefined && taskMs > 0) {
    // The sum is known, so each of them is.
    rates.busyRatio = (busyMs ?? 0) / taskMs;
    rates.idleRatio = (idleMs ?? 0) / taskMs;
    rates.backPressuredRatio = (backPressuredMs ?? 0) / taskMs;
  }
  // A task whose own clock stands still was not read anew: its counters say nothing about the time between.
  const clockMs = taskMs ?? current.atMs - previous.atMs;
  if (clockMs <= 0) return;
  const recordsIn = counterStep(previous.recordsIn, current.recordsIn);
  if (recordsIn !== undefined) rates.recordsInPerSecond = (recordsIn * 1000) / clockMs;
  const recordsOut = counterStep(previous.recordsOut, current.recordsOut);
  if (recordsOut !== undefined) rates.recordsOutPerSecond = (recordsOut * 1000) / clockMs;
  const bytesIn = counterStep(previous.bytesIn, current.bytesIn);
  if (bytesIn !== undefined) rates.bytesInPerSecond = (bytesIn * 1000) / clockMs;
  const bytesOut = counterStep(previous.bytesOut, current.bytesOut);
  if (bytesOut !== undefined) rates.bytesOutPerSecond = (bytesOut * 1000) / clockMs;
}

function sumOf(a: number | undefined, b: number | undefined, c: number | undefined): number | undefined {
  return a === undefined || b === undefined || c === undefined ? undefined : a + b + c;
}

/** Figures of one TaskManager; `previous` is its reading before `current`, or undefined. */
export function deriveTaskManager(
  previous: TaskManagerSample | undefined,
  current: TaskManagerSample,
): TaskManagerRates {
  const wallMs = previous === undefined ? 0 : current.atMs - previous.atMs;
  const overWall = (step: number | undefined): number | undefined =>
    step === undefined || wallMs <= 0 ? undefined : step / wallMs;
  const cpuMs = counterStep(toMs(previous?.cpuTimeSeconds), toMs(current.cpuTimeSeconds));
  return defined<TaskManagerRates>({
    heapUsedRatio: share(current.heapUsedBytes, current.heapMaxBytes),
    gcTimeRatio: overWall(previous === undefined ? undefined : gcStepMs(previous.collectors, current.collectors)),
    cpuCoresUsed: overWall(cpuMs),
    cpuLoadRatio: current.cpuLoadRatio,
    managedUsedRatio: share(current.managedUsedBytes, current.managedTotalBytes),
    metaspaceUsedRatio: share(current.metaspaceUsedBytes, current.metaspaceMaxBytes),
    directUsedBytes: current.directUsedBytes,
    networkUsedRatio: usedShare(current.networkSegmentsAvailable, current.networkSegmentsTotal),
  });
}

const toMs = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1000);

/** Milliseconds of collection between two readings; undefined when a collector is new, gone or restarted. */
function gcStepMs(before: readonly GarbageCollector[], after: readonly GarbageCollector[]): number | undefined {
  if (after.length === 0) return undefined;
  let sumMs = 0;
  for (const collector of after) {
    const earlier = before.find((candidate) => candidate.name === collector.name);
    const step = counterStep(earlier?.timeMs, collector.timeMs);
    if (step === undefined) return undefined;
    sumMs += step;
  }
  return sumMs;
}

function share(used: number | undefined, total: number | undefined): number | undefined {
  return used === undefined || total === undefined || total <= 0 ? undefined : used / total;
}

function usedShare(available: number | undefined, total: number | undefined): number | undefined {
  const free = share(available, total);
  return free === undefined ? undefined : 1 - free;
}
