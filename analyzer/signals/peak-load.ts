import type { JobHistory } from '../../collector/model/index.js';
import { max, min, present } from '../numbers.js';
import { LOAD_WINDOW_MS, loadOf, type VertexLoad } from './load.js';

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
  const minutes: ReadonlyMap<string, VertexLoad>[] = [];
  for (let back = 0; back < PEAK_MINUTES_MAX; back += 1) {
    const load = loadOf(history, nowMs - back * LOAD_WINDOW_MS);
    if (load.size === 0) break;
    minutes.push(load);
  }
  const ids = new Set(minutes.flatMap((load) => [...load.keys()]));
  return new Map([...ids].map((id) => [id, peakOf(id, present(minutes.map((load) => load.get(id))))]));
}

function peakOf(vertexId: string, minutes: readonly VertexLoad[]): PeakLoad {
  const highest = (
    key: 'busyMax' | 'backPressuredMax' | 'recordsInPerSecond' | 'recordsOutPerSecond',
  ): number | undefined => max(present(minutes.map((minute) => minute[key])));
  const recent = present(minutes.slice(0, RECENT_MINUTES).map((minute) => minute.busyMax));
  const recordsIn = highest('recordsInPerSecond');
  const recordsOut = highest('recordsOutPerSecond');
  return {
    vertexId,
    busyMax: highest('busyMax') ?? 0,
    backPressuredMax: highest('backPressuredMax') ?? 0,
    windowMs: minutes.length * LOAD_WINDOW_MS,
    ...(recent.length < RECENT_MINUTES ? {} : { recentBusyMin: min(recent) ?? 0 }),
    ...(recordsIn === undefined ? {} : { recordsInPerSecond: recordsIn }),
    ...(recordsOut === undefined ? {} : { recordsOutPerSecond: recordsOut }),
  };
}
