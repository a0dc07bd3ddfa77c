import type { GarbageCollector, TaskManagerHistory, TaskManagerSample } from '../../collector/model/index.js';
import { max, median, min, robustSlope, sum } from '../numbers.js';
import { oncePerWindow } from './per-process-window.js';

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

export const collectionsOf = oncePerWindow((samples): Collections | undefined => {
  const within = samples.filter(({ collectors }) => collectors.length > 0);
  const first = within[0];
  const last = within.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  const found = { full: 0, fullMs: 0, pauses: 0, pauseMs: 0, longestPauseMs: 0 };
  for (let i = 1; i < within.length; i += 1) {
    for (const { name, count, timeMs } of stepsBetween(within[i - 1], within[i])) {
      found.pauses += count;
      found.pauseMs += timeMs;
      if (count > 0) found.longestPauseMs = Math.max(found.longestPauseMs, timeMs / count);
      if (!isFull(name)) continue;
      found.full += count;
      found.fullMs += timeMs;
    }
  }
  return { windowMs: last.atMs - first.atMs, ...found };
});

/** A name is looked at once: a JVM has three or four of them, and an analysis meets them thousands of times. */
const isNamed = (pattern: RegExp): ((name: string) => boolean) => {
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const matches = pattern.test(name);
    if (known.size < MAX_NAMES) known.set(name, matches);
    return matches;
  };
};
/** Names come from foreign clusters. */
const MAX_NAMES = 256;
const isConcurrent = isNamed(CONCURRENT);
const isFull = isNamed(FULL);

type Steps = readonly GarbageCollector[];
const NO_STEPS: Steps = [];

/** By the later reading: every job of a TaskManager asks for the same steps, beat after beat. */
const knownSteps = new WeakMap<TaskManagerSample, { readonly before: TaskManagerSample; readonly steps: Steps }>();

function stepsBetween(before: TaskManagerSample | undefined, after: TaskManagerSample | undefined): Steps {
  if (before === undefined || after === undefined) return NO_STEPS;
  const known = knownSteps.get(after);
  if (known?.before === before) return known.steps;
  const steps = newSteps(before, after);
  knownSteps.set(after, { before, steps });
  return steps;
}

/** Counters that went down belong to a new JVM: their step is not known. */
function newSteps(before: TaskManagerSample, after: TaskManagerSample): Steps {
  return after.collectors.flatMap((collector) => {
    const earlier = before.collectors.find(({ name }) => name === collector.name);
    if (earlier === undefined || isConcurrent(collector.name)) return [];
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
  readonly parts: number;
  /** How far the heap goes up and down within one part, by the median part. */
  readonly swingBytes: number;
}

const PARTS = 9;
const PART_MIN_MS = 30_000;

/** Undefined where there are too few readings, or a part without a collection: then its lowest reading is no floor. */
export const heapFloorOf = oncePerWindow((samples): HeapFloor | undefined => {
  const within = samples.filter(({ heapUsedBytes }) => heapUsedBytes !== undefined);
  const first = within[0];
  const last = within.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const windowMs = last.atMs - first.atMs;
  const partMs = windowMs / PARTS;
  if (partMs < PART_MIN_MS) return undefined;
  const parts = partsOf(within, first.atMs, partMs);
  if (parts === undefined) return undefined;
  const floors = parts.map(({ lowest }) => [lowest.atMs, bytesIn(lowest)] as const);
  const slope = robustSlope(floors);
  const values = floors.map(([, bytes]) => bytes);
  const third = PARTS / 3;
  return {
    windowMs,
    firstBytes: values[0] ?? 0,
    lastBytes: values.at(-1) ?? 0,
    bytesPerMs: slope ?? 0,
    fit: fitOf(floors, slope ?? 0),
    parts: PARTS,
    swingBytes: median(parts.map(({ lowest, highest }) => bytesIn(highest) - bytesIn(lowest))) ?? 0,
    isSteady: (min(values.slice(-third)) ?? 0) > (max(values.slice(0, third)) ?? 0),
  };
});

/** Undefined where nothing was read or collected in one of them. */
function partsOf(samples: readonly TaskManagerSample[], beginMs: number, partMs: number): readonly Part[] | undefined {
  const parts = Array.from({ length: PARTS }, (): Partial<Part> & { isCollected: boolean } => ({ isCollected: false }));
  samples.forEach((sample, i) => {
    const place = Math.min(PARTS - 1, Math.floor((sample.atMs - beginMs) / partMs));
    const part = parts[place];
    if (part === undefined) return;
    part.isCollected ||= stepsBetween(samples[i - 1], sample).some(({ count }) => count > 0);
    if (part.lowest === undefined || bytesIn(sample) < bytesIn(part.lowest)) part.lowest = sample;
    if (part.highest === undefined || bytesIn(sample) > bytesIn(part.highest)) part.highest = sample;
  });
  const whole = parts.flatMap(({ lowest, highest, isCollected }): Part[] =>
    lowest === undefined || highest === undefined || !isCollected ? [] : [{ lowest, highest }],
  );
  return whole.length < PARTS ? undefined : whole;
}

/** The readings of the heap at its lowest and at its highest. */
interface Part {
  lowest: TaskManagerSample;
  highest: TaskManagerSample;
}

const bytesIn = ({ heapUsedBytes = 0 }: TaskManagerSample): number => heapUsedBytes;

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
