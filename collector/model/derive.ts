import type { GarbageCollector, TaskManagerSample } from './cluster.js';
import { defined } from './defined.js';
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

const isSameAttempt = (a: SubtaskSample, b: SubtaskSample): boolean =>
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
export function deriveSubtask(previous: SubtaskSample | undefined, current: SubtaskSample): SubtaskRates {
  const levels = { pendingRecords: current.pendingRecords, watermarkMs: current.watermarkMs };
  if (previous === undefined || !isSameAttempt(previous, current)) return defined<SubtaskRates>(noRates(levels));
  const busyMs = timeStep(previous.busyMs, current.busyMs);
  const idleMs = timeStep(previous.idleMs, current.idleMs);
  const backPressuredMs = timeStep(previous.backPressuredMs, current.backPressuredMs);
  const taskMs = sumOf(busyMs, idleMs, backPressuredMs);
  const ratio = (ms: number | undefined): number | undefined =>
    ms === undefined || taskMs === undefined || taskMs <= 0 ? undefined : ms / taskMs;
  // A task whose own clock stands still was not read anew: its counters say nothing about the time between.
  const clockMs = taskMs ?? current.atMs - previous.atMs;
  const perSecond = (count: number | undefined): number | undefined =>
    count === undefined || clockMs <= 0 ? undefined : (count * 1000) / clockMs;
  return defined<SubtaskRates>({
    busyRatio: ratio(busyMs),
    idleRatio: ratio(idleMs),
    backPressuredRatio: ratio(backPressuredMs),
    recordsInPerSecond: perSecond(counterStep(previous.recordsIn, current.recordsIn)),
    recordsOutPerSecond: perSecond(counterStep(previous.recordsOut, current.recordsOut)),
    bytesInPerSecond: perSecond(counterStep(previous.bytesIn, current.bytesIn)),
    bytesOutPerSecond: perSecond(counterStep(previous.bytesOut, current.bytesOut)),
    ...levels,
  });
}

const noRates = (
  levels: Pick<{ [K in keyof Required<SubtaskRates>]: number | undefined }, 'pendingRecords' | 'watermarkMs'>,
): { [K in keyof Required<SubtaskRates>]: number | undefined } => ({
  busyRatio: undefined,
  idleRatio: undefined,
  backPressuredRatio: undefined,
  recordsInPerSecond: undefined,
  recordsOutPerSecond: undefined,
  bytesInPerSecond: undefined,
  bytesOutPerSecond: undefined,
  ...levels,
});

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
