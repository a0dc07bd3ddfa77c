import type { JobHistory, SubtaskSample, VertexHistory } from '../../collector/model/index.js';
import { max, min, present, sum } from '../numbers.js';
import { LOAD_WINDOW_MS, settleMsOf } from './load.js';
import { elapsedMs, isEnough, MIN_SAMPLES, settledSamples, SPARSE_MS } from './window.js';

/** How far back the busiest minute is looked for, at most. */
const PEAK_MINUTES_MAX = 45;
const RECENT_MINUTES = 3;

export interface PeakLoad {
  readonly vertexId: string;
  /** Of the busiest subtask in its busiest minute. */
  readonly busyMax: number;
  /** Lowest busy of the busiest subtask over the last three minutes: how long it has been this busy. Undefined when younger. */
  readonly recentBusyMin?: number;
  readonly backPressuredMax: number;
  readonly recordsInPerSecond?: number;
  readonly recordsOutPerSecond?: number;
  /** Whole minutes that were looked at. */
  readonly windowMs: number;
}
export type PeakLoadSignal = ReadonlyMap<string, PeakLoad>;

/** Looks at the window minute by minute: a mean over an hour would hide the peak that sizing must carry. */
export function peakLoadOf(history: JobHistory, nowMs: number): PeakLoadSignal {
  const settleMs = settleMsOf(history);
  const peaks = history.vertices.map((vertex) => peakOf(vertex, nowMs, settleMs));
  return new Map(present(peaks).map((peak) => [peak.vertexId, peak]));
}

interface Minute {
  readonly busy: number | undefined;
  readonly backPressured: number | undefined;
  readonly recordsIn: number | undefined;
  readonly recordsOut: number | undefined;
}

function peakOf(vertex: VertexHistory, nowMs: number, settleMs: number): PeakLoad | undefined {
  const current = vertex.subtasks.filter(({ subtask }) => subtask < (vertex.parallelism ?? Infinity));
  const bySubtask = current.map((subtask) =>
    minutesOf(settledSamples(subtask, nowMs, PEAK_MINUTES_MAX * LOAD_WINDOW_MS, settleMs), nowMs),
  );
  // A minute counts while every subtask was read in it; the first one that is not ends the window.
  const gap = Array.from({ length: PEAK_MINUTES_MAX }, (_, back) =>
    bySubtask.every((minutes) => minutes[back] !== undefined),
  ).indexOf(false);
  const count = gap === -1 ? PEAK_MINUTES_MAX : gap;
  if (count === 0 || bySubtask.length === 0) return undefined;
  const across = (back: number, key: keyof Minute): readonly number[] =>
    present(bySubtask.map((minutes) => minutes[back]?.[key]));
  const each = (of: (back: number) => number | undefined): readonly number[] =>
    present(Array.from({ length: count }, (_, back) => of(back)));
  const busiest = each((back) => max(across(back, 'busy')));
  const recordsIn = max(each((back) => total(across(back, 'recordsIn'), bySubtask.length)));
  const recordsOut = max(each((back) => total(across(back, 'recordsOut'), bySubtask.length)));
  return {
    vertexId: vertex.vertexId,
    busyMax: max(busiest) ?? 0,
    backPressuredMax: max(each((back) => max(across(back, 'backPressured')))) ?? 0,
    windowMs: count * LOAD_WINDOW_MS,
    ...(busiest.length < RECENT_MINUTES ? {} : { recentBusyMin: min(busiest.slice(0, RECENT_MINUTES)) ?? 0 }),
    ...(recordsIn === undefined ? {} : { recordsInPerSecond: recordsIn }),
    ...(recordsOut === undefined ? {} : { recordsOutPerSecond: recordsOut }),
  };
}

/** A sum over some of the subtasks would look like a drop. */
function total(values: readonly number[], subtasks: number): number | undefined {
  return values.length < subtasks ? undefined : sum(values);
}

/** Figures of each minute, newest first; a minute with too few readings is undefined. */
function minutesOf(samples: readonly SubtaskSample[], nowMs: number): readonly (Minute | undefined)[] {
  const minutes: (Minute | undefined)[] = [];
  let end = samples.length;
  for (let back = 0; back < PEAK_MINUTES_MAX && (end > 0 || minutes.length === 0); back += 1) {
    const fromMs = nowMs - (back + 1) * LOAD_WINDOW_MS;
    let start = end;
    while (start > 0 && (samples[start - 1]?.atMs ?? -Infinity) >= fromMs) start -= 1;
    minutes.push(minuteOf(spanning(samples, start, end, fromMs)));
    end = start;
  }
  return minutes;
}

/** The samples of one minute; where they lie a minute apart, those around it as well, so that it is spanned. */
function spanning(
  samples: readonly SubtaskSample[],
  start: number,
  end: number,
  fromMs: number,
): readonly SubtaskSample[] {
  if (end - start >= MIN_SAMPLES) return samples.slice(start, end);
  const before = samples[start - 1];
  const after = samples[end];
  const from = before !== undefined && fromMs - before.atMs <= SPARSE_MS ? start - 1 : start;
  const isOpen = end === start && after !== undefined && after.atMs - fromMs - LOAD_WINDOW_MS <= SPARSE_MS;
  return samples.slice(from, isOpen ? end + 1 : end);
}

function minuteOf(samples: readonly SubtaskSample[]): Minute | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  const clockMs = elapsedMs(samples);
  if (first === undefined || last === undefined || clockMs === undefined || !isEnough(samples)) return undefined;
  const grown = (key: 'busyMs' | 'backPressuredMs' | 'recordsIn' | 'recordsOut'): number | undefined => {
    const from = first[key];
    const to = last[key];
    return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
  };
  const share = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : Math.min(1, ms / clockMs);
  const rate = (count: number | undefined): number | undefined =>
    count === undefined ? undefined : (count / clockMs) * 1000;
  return {
    busy: share(grown('busyMs')),
    backPressured: share(grown('backPressuredMs')),
    recordsIn: rate(grown('recordsIn')),
    recordsOut: rate(grown('recordsOut')),
  };
}
