import type { GarbageCollector, TaskManagerHistory, TaskManagerSample } from '../../collector/model/index.js';
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

export function stepsBetween(before: TaskManagerSample | undefined, after: TaskManagerSample | undefined): Steps {
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

/** Names of its collectors, of the newest reading that has any. */
export function collectorNames({ samples }: TaskManagerHistory): readonly string[] {
  return samples.findLast(({ collectors }) => collectors.length > 0)?.collectors.map(({ name }) => name) ?? [];
}
