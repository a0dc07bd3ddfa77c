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
  const peaks = history.vertices.map((vertex) => peakOf(vertex, nowMs));
  return new Map(present(peaks).map((peak) => [peak.vertexId, peak]));
}

function peakOf(vertex: VertexHistory, nowMs: number): PeakLoad | undefined {
  const minutes = lastMinutes(vertex.minutes, nowMs);
  const newest = minutes[0];
  const oldest = minutes.at(-1);
  if (newest === undefined || oldest === undefined) return undefined;
  const each = (key: Exclude<keyof VertexMinute, 'startMs'>): number[] => present(minutes.map((minute) => minute[key]));
  const busiest = each('busyMaxRatio');
  const recordsIn = max(each('recordsInPerSecond'));
  const recordsOut = max(each('recordsOutPerSecond'));
  return {
    vertexId: vertex.vertexId,
    busyMax: max(busiest) ?? 0,
    backPressuredMax: max(each('backPressuredMaxRatio')) ?? 0,
    windowMs: newest.startMs + MINUTE_MS - oldest.startMs,
    ...(busiest.length < RECENT_MINUTES ? {} : { recentBusyMin: min(busiest.slice(0, RECENT_MINUTES)) ?? 0 }),
    ...(recordsIn === undefined ? {} : { recordsInPerSecond: recordsIn }),
    ...(recordsOut === undefined ? {} : { recordsOutPerSecond: recordsOut }),
  };
}

/** Newest first, up to the first gap. */
function lastMinutes(all: readonly VertexMinute[], nowMs: number): readonly VertexMinute[] {
  const minutes: VertexMinute[] = [];
  let expectedMs = nowMs - FRESH_MS - MINUTE_MS;
  for (let i = all.length - 1; i >= 0 && minutes.length < PEAK_MINUTES_MAX; i -= 1) {
    const minute = all[i];
    if (minute === undefined || minute.startMs < expectedMs) break;
    minutes.push(minute);
    expectedMs = minute.startMs - MISSED_MAX_MS;
  }
  return minutes;
}
