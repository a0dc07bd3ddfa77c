import type { GarbageCollector, TaskManagerHistory, TaskManagerSample } from '../../collector/model/index.js';
import { max, min, robustSlope, sum } from '../numbers.js';

/** Collectors that work beside the program: their time is no pause (diagnosis §1.1). */
const CONCURRENT =
  /^(ZGC.*Cycles|Shenandoah.*Cycles|.*Major_Cycles|.*Minor_Cycles|G1_Concurrent_GC|ConcurrentMarkSweep)$/i;
/** `G1_Old_Generation` counts full collections only: mixed ones are young (diagnosis §5.4). */
const FULL = /^(G1_Old_Generation|PS_MarkSweep|MarkSweepCompact)$/i;

/** What the collectors of one TaskManager did over some minutes. */
export interface Collections {
  readonly windowMs: number;
  readonly full: number;
  readonly fullMs: number;
  readonly pauses: number;
  readonly pauseMs: number;
  /** Longest mean pause between two readings: a lower bound of the longest one. */
  readonly longestPauseMs: number;
}

export function collectionsOf({ samples }: TaskManagerHistory, fromMs: number): Collections | undefined {
  const within = samples.filter(({ atMs, collectors }) => atMs >= fromMs && collectors.length > 0);
  const first = within[0];
  const last = within.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  const steps = within.slice(1).flatMap((sample, i) => stepsBetween(within[i], sample));
  const full = steps.filter(({ name }) => FULL.test(name));
  return {
    windowMs: last.atMs - first.atMs,
    full: sum(full.map(({ count }) => count)),
    fullMs: sum(full.map(({ timeMs }) => timeMs)),
    pauses: sum(steps.map(({ count }) => count)),
    pauseMs: sum(steps.map(({ timeMs }) => timeMs)),
    longestPauseMs: max(steps.map(({ count, timeMs }) => (count === 0 ? 0 : timeMs / count))) ?? 0,
  };
}

/** Counters that went down belong to a new JVM: their step is not known. */
function stepsBetween(before: TaskManagerSample | undefined, after: TaskManagerSample): GarbageCollector[] {
  return after.collectors.flatMap((collector) => {
    const earlier = before?.collectors.find(({ name }) => name === collector.name);
    if (earlier === undefined || CONCURRENT.test(collector.name)) return [];
    const [count, timeMs] = [collector.count - earlier.count, collector.timeMs - earlier.timeMs];
    return count < 0 || timeMs < 0 ? [] : [{ name: collector.name, count, timeMs }];
  });
}

/** The lowest reading of the heap in each of some equal parts of the time, and the line through them. */
export interface HeapFloor {
  readonly windowMs: number;
  readonly firstBytes: number;
  readonly lastBytes: number;
  readonly bytesPerMs: number;
  /** Share of the floor's movement that the line explains. */
  readonly fit: number;
  /** Whether the last third lies above the first third throughout. */
  readonly isSteady: boolean;
}

const PARTS = 9;
const PART_MIN_MS = 30_000;

/** Undefined where there are too few readings, or a part without a collection: then its lowest reading is no floor. */
export function heapFloorOf({ samples }: TaskManagerHistory, fromMs: number): HeapFloor | undefined {
  const within = samples.filter(({ atMs, heapUsedBytes }) => atMs >= fromMs && heapUsedBytes !== undefined);
  const first = within[0];
  const last = within.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const windowMs = last.atMs - first.atMs;
  const partMs = windowMs / PARTS;
  if (partMs < PART_MIN_MS) return undefined;
  const floors: (readonly [number, number])[] = [];
  for (let part = 0; part < PARTS; part += 1) {
    const fromPartMs = first.atMs + part * partMs;
    const here = within.filter(({ atMs }) => atMs >= fromPartMs && atMs <= fromPartMs + partMs);
    const steps = here.slice(1).flatMap((sample, i) => stepsBetween(here[i], sample));
    const lowest = here.reduce<TaskManagerSample | undefined>(
      (low, sample) => (low === undefined || (sample.heapUsedBytes ?? 0) < (low.heapUsedBytes ?? 0) ? sample : low),
      undefined,
    );
    if (lowest?.heapUsedBytes === undefined || sum(steps.map(({ count }) => count)) === 0) return undefined;
    floors.push([lowest.atMs, lowest.heapUsedBytes]);
  }
  const slope = robustSlope(floors);
  const values = floors.map(([, bytes]) => bytes);
  const third = PARTS / 3;
  return {
    windowMs,
    firstBytes: values[0] ?? 0,
    lastBytes: values.at(-1) ?? 0,
    bytesPerMs: slope ?? 0,
    fit: fitOf(floors, slope ?? 0),
    isSteady: (min(values.slice(-third)) ?? 0) > (max(values.slice(0, third)) ?? 0),
  };
}

/** R² of the line with this slope through the middle of the points. */
export function fitOf(points: readonly (readonly [number, number])[], slope: number): number {
  if (points.length === 0) return 0;
  const meanX = sum(points.map(([x]) => x)) / points.length;
  const meanY = sum(points.map(([, y]) => y)) / points.length;
  const total = sum(points.map(([, y]) => (y - meanY) ** 2));
  const left = sum(points.map(([x, y]) => (y - meanY - slope * (x - meanX)) ** 2));
  return total === 0 ? 0 : Math.max(0, 1 - left / total);
}

/** Names of its collectors, of the newest reading that has any. */
export function collectorNames({ samples }: TaskManagerHistory): readonly string[] {
  return samples.findLast(({ collectors }) => collectors.length > 0)?.collectors.map(({ name }) => name) ?? [];
}
