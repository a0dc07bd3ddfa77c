import { MINUTE_MS, type JobHistory, type VertexHistory, type VertexMinute } from '../../collector/model/index.js';
import { max, min, present } from '../numbers.js';

/** How far back the busiest minute is looked for, at most. */
const PEAK_MINUTES_MAX = 45;
const RECENT_MINUTES = 3;
/** A wide vertex is read about once a minute, so now and then a minute has no reading; two such end the window. */
const MISSED_MAX_MS = 2 * MINUTE_MS;
/** The newest minute must have ended this recently. */
const FRESH_MS = 150_000;

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
  const peaks = new Map<string, PeakLoad>();
  for (const vertex of history.vertices) {
    const newest = vertex.minutes.at(-1);
    if (newest === undefined || newest.startMs < nowMs - FRESH_MS - MINUTE_MS) continue;
    peaks.set(vertex.vertexId, peakOf(vertex, newest));
  }
  return peaks;
}

interface Kept {
  readonly oldest: VertexMinute | undefined;
  readonly count: number;
  readonly peak: PeakLoad;
}

/** The minutes of a vertex are laid out anew in every beat, and are the same until another one has passed. */
const kept = new WeakMap<VertexMinute, Kept>();

/** Minutes are known by their newest, their oldest and how many they are. */
function peakOf({ vertexId, minutes }: VertexHistory, newest: VertexMinute): PeakLoad {
  const [oldest, count] = [minutes[0], minutes.length];
  const known = kept.get(newest);
  if (known?.oldest === oldest && known?.count === count && known.peak.vertexId === vertexId) return known.peak;
  const peak = peakIn(vertexId, lastMinutes(minutes));
  kept.set(newest, { oldest, count, peak });
  return peak;
}

/** `minutes`: at least one, newest first. */
function peakIn(vertexId: string, minutes: readonly VertexMinute[]): PeakLoad {
  const each = (key: Exclude<keyof VertexMinute, 'startMs'>): number[] => present(minutes.map((minute) => minute[key]));
  const busiest = each('busyMaxRatio');
  const recordsIn = max(each('recordsInPerSecond'));
  const recordsOut = max(each('recordsOutPerSecond'));
  return {
    vertexId,
    busyMax: max(busiest) ?? 0,
    backPressuredMax: max(each('backPressuredMaxRatio')) ?? 0,
    windowMs: (minutes[0]?.startMs ?? 0) + MINUTE_MS - (minutes.at(-1)?.startMs ?? 0),
    ...(busiest.length < RECENT_MINUTES ? {} : { recentBusyMin: min(busiest.slice(0, RECENT_MINUTES)) ?? 0 }),
    ...(recordsIn === undefined ? {} : { recordsInPerSecond: recordsIn }),
    ...(recordsOut === undefined ? {} : { recordsOutPerSecond: recordsOut }),
  };
}

/** Newest first, up to the first gap. */
function lastMinutes(all: readonly VertexMinute[]): readonly VertexMinute[] {
  const minutes: VertexMinute[] = [];
  let expectedMs = -Infinity;
  for (let i = all.length - 1; i >= 0 && minutes.length < PEAK_MINUTES_MAX; i -= 1) {
    const minute = all[i];
    if (minute === undefined || minute.startMs < expectedMs) break;
    minutes.push(minute);
    expectedMs = minute.startMs - MISSED_MAX_MS;
  }
  return minutes;
}
