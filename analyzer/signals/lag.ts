import {
  figureIn,
  framesOf,
  lastPhasesOf,
  type Frame,
  type JobHistory,
  type VertexHistory,
} from '../../collector/model/index.js';
import type { Topology } from '../graph/topology.js';
import { max, median, present } from '../numbers.js';
import { forecastOf, type Forecast } from './forecast.js';
import type { LoadSignal } from './load.js';
import { lineThrough, type TrendLine } from './trend-line.js';

/** The slope of the lag is taken over the last three minutes: long enough for noise, short enough to see it turn. */
const SLOPE_WINDOW_MS = 180_000;
const SLOPE_MIN_POINTS = 5;
const SLOPE_MIN_SPAN_MS = 40_000;
/** Slower than 3 % of the input is noise: healthy jobs showed ±1 record/s (CALIBRATION §3). */
const SLOPE_MIN_SHARE = 0.03;
/** Less than this many seconds of input is no backlog. */
export const LAG_MIN_SECONDS = 3;

export interface SourceLag {
  readonly vertexId: string;
  readonly lagRecords: number;
  readonly slopePerSecond?: number;
  readonly consumedPerSecond?: number;
  /** What arrives at the source: what was read and what waits, together. */
  readonly offeredPerSecond?: number;
  /** What it has handed out for each record that it has read, of all that it did: 1 where nothing is filtered in the same task. */
  readonly outPerRead?: number;
  readonly lagSeconds?: number;
  readonly trend: 'growing' | 'falling' | 'steady' | 'unknown';
  /** Until the lag is gone, while it falls. */
  readonly catchUpMs?: number;
  /** Records by ms; waiting records accumulate. */
  readonly line?: TrendLine;
  /** When the lag is gone if all goes on as it does: never at the worst, at the best, or at the present pace. */
  readonly catchUp?: Forecast;
  readonly windowMs: number;
}

export interface LagSignal {
  readonly sources: readonly SourceLag[];
  /**
   * The job's phase: `catching-up` while a backlog falls and none grows. `unknown`: a lag is measured but its slope
   * is not known yet. `none`: no source tells its lag.
   */
  readonly phase: 'none' | 'unknown' | 'steady' | 'growing' | 'catching-up';
  readonly lagSeconds?: number;
}

/** Five readings at a beat of 15 s. */
const ARRIVAL_KNOWN_MS = 60_000;

/** A source tells what waits, and what arrives will be known within the minute: a size is better not guessed until then. */
export function isArrivalComing({ sources }: LagSignal): boolean {
  return sources.some(
    ({ offeredPerSecond, windowMs }) => offeredPerSecond === undefined && windowMs <= ARRIVAL_KNOWN_MS,
  );
}

export function lagOf(history: JobHistory, topology: Topology, load: LoadSignal, nowMs: number): LagSignal {
  const sources = present(
    history.vertices
      .filter((vertex) => topology.isSource(vertex.vertexId))
      .map((vertex) => sourceLag(vertex, load, nowMs)),
  );
  const lagSeconds = max(present(sources.map((source) => source.lagSeconds)));
  return { sources, phase: phaseOf(sources), ...(lagSeconds === undefined ? {} : { lagSeconds }) };
}

function phaseOf(sources: readonly SourceLag[]): LagSignal['phase'] {
  const trends = sources.map((source) => source.trend);
  if (trends.length === 0) return 'none';
  if (trends.includes('growing')) return 'growing';
  if (trends.includes('unknown')) return 'unknown';
  return trends.includes('falling') ? 'catching-up' : 'steady';
}

function sourceLag(vertex: VertexHistory, load: LoadSignal, nowMs: number): SourceLag | undefined {
  const points = pendingOf(vertex, nowMs - SLOPE_WINDOW_MS);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const windowMs = last[0] - first[0];
  const known = points.length >= SLOPE_MIN_POINTS && windowMs >= SLOPE_MIN_SPAN_MS;
  const line = known ? lineThrough(points, 'accumulates') : undefined;
  const slope = line === undefined ? undefined : line.perMs * 1000;
  const consumed = consumedPerSecond(vertex, load);
  const offered = arrivingPerSecond(vertex, last[0]) ?? offeredBy(consumed, slope);
  const outPerRead = outPerReadOf(vertex, last[0]);
  const lagSeconds = secondsOf(last[1], offered ?? consumed);
  const trend = trendOf(last[1], slope, offered, consumed);
  return {
    vertexId: vertex.vertexId,
    lagRecords: last[1],
    windowMs,
    trend,
    ...(slope === undefined ? {} : { slopePerSecond: slope }),
    ...(consumed === undefined ? {} : { consumedPerSecond: consumed }),
    ...(offered === undefined ? {} : { offeredPerSecond: offered }),
    ...(outPerRead === undefined ? {} : { outPerRead }),
    ...(lagSeconds === undefined ? {} : { lagSeconds }),
    ...(line === undefined ? {} : { line, catchUp: forecastOf(line, { value: 0, from: 'above' }, nowMs) }),
    ...(trend === 'falling' && slope !== undefined ? { catchUpMs: (last[1] / -slope) * 1000 } : {}),
  };
}

/** Where the counters of the readers are not told beside what waits. */
const offeredBy = (consumed: number | undefined, slope: number | undefined): number | undefined =>
  consumed === undefined || slope === undefined ? undefined : Math.max(0, consumed + slope);

/** Longer than the gulps in which pages of a cluster are read (10 s) by so much that they do not matter, and short enough for a load that turns. */
const ARRIVING_WINDOW_MS = 120_000;

/**
 * Slope of what was read and what waits, together. A source whose buffers are full reads in gulps, minutes apart where records are small
 * (1.20.3: 0 to 1,240 records in 10 s at 50/s), so that neither alone tells a rate; what has arrived grows evenly all the time.
 */
function arrivingPerSecond(vertex: VertexHistory, nowMs: number): number | undefined {
  const key = readCounter(vertex);
  if (key === undefined) return undefined;
  const points = totalOf(vertex, nowMs - ARRIVING_WINDOW_MS, (frame, subtask) => {
    return figureIn(frame, key, subtask) + figureIn(frame, 'pendingRecords', subtask);
  });
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last[0] - first[0] < SLOPE_MIN_SPAN_MS) return undefined;
  if (isFrozen(points)) return undefined;
  const line = lineThrough(points, 'accumulates');
  return line === undefined ? undefined : Math.max(0, line.perMs * 1000);
}

/**
 * A reader that waits may not ask its broker either, and its figures stand (Kafka's lag is of the last fetch): after two readings without
 * any change nobody knows what arrives.
 */
function isFrozen(points: readonly (readonly [number, number])[]): boolean {
  const [before, ...newest] = points.slice(-3).map(([, records]) => records);
  return newest.length === 2 && newest.every((records) => records === before) && points[0]?.[1] !== before;
}

/** Both counters come with pages of their own, up to ten seconds apart: of all since the start, and the middle of two minutes, that is little. */
function outPerReadOf(vertex: VertexHistory, nowMs: number): number | undefined {
  const [read, out] = (['recordsIn', 'recordsOut'] as const).map((key) =>
    totalOf(vertex, nowMs - ARRIVING_WINDOW_MS, (frame, subtask) => figureIn(frame, key, subtask)),
  );
  const handedOut = new Map(out);
  return median(
    (read ?? []).flatMap(([atMs, records]) => {
      const total = handedOut.get(atMs);
      return total === undefined || records <= 0 || total <= 0 ? [] : [total / records];
    }),
  );
}

/** The counter of what its readers have read: their own, or what the vertex hands out where they have none. */
function readCounter(vertex: VertexHistory): 'recordsIn' | 'recordsOut' | undefined {
  const frame = framesOf(vertex).at(-1);
  if (frame === undefined) return undefined;
  const subtasks = Array.from({ length: frame.phases.length }, (_, subtask) => subtask);
  const isTold = (key: 'recordsIn' | 'recordsOut'): boolean =>
    subtasks.some((subtask) => figureIn(frame, key, subtask) > 0);
  return isTold('recordsIn') ? 'recordsIn' : isTold('recordsOut') ? 'recordsOut' : undefined;
}

function trendOf(
  lagRecords: number,
  slope: number | undefined,
  offered: number | undefined,
  consumed: number | undefined,
): SourceLag['trend'] {
  const rate = Math.max(offered ?? 0, consumed ?? 0);
  if (lagRecords < Math.max(1, LAG_MIN_SECONDS * (offered ?? rate))) return 'steady';
  if (slope === undefined) return 'unknown';
  const noticeable = rate > 0 ? SLOPE_MIN_SHARE * rate : 1;
  if (slope > noticeable) return 'growing';
  return slope < -noticeable ? 'falling' : 'steady';
}

function secondsOf(lagRecords: number, perSecond: number | undefined): number | undefined {
  if (lagRecords === 0) return 0;
  return perSecond === undefined || perSecond <= 0 ? undefined : lagRecords / perSecond;
}

/** What a source emits. A source chained to its sink tells no output (CALIBRATION fact 8): then what it read counts. */
export function consumedPerSecond(vertex: { readonly vertexId: string }, load: LoadSignal): number | undefined {
  const rates = load.get(vertex.vertexId);
  const emitted = rates?.recordsOutPerSecond;
  const best = emitted !== undefined && emitted > 0 ? emitted : rates?.recordsInPerSecond;
  return best === undefined || best === 0 ? undefined : best;
}

/** From the subtasks, and where a wide vertex is read in summary in between, from both. */
function pendingOf(vertex: VertexHistory, fromMs: number): readonly [number, number][] {
  const summaries = (vertex.readings ?? []).flatMap(({ atMs, pendingRecords }): [number, number][] =>
    atMs < fromMs || pendingRecords === undefined ? [] : [[atMs, pendingRecords]],
  );
  const subtasks = totalPending(vertex, fromMs);
  return summaries.length === 0 ? subtasks : [...summaries, ...subtasks].sort(([a], [b]) => a - b);
}

function totalPending(vertex: VertexHistory, fromMs: number): [number, number][] {
  return totalOf(vertex, fromMs, (frame, subtask) => figureIn(frame, 'pendingRecords', subtask));
}

/** `[atMs, records]` summed over all readers; a moment when one of them did not tell is left out. */
function totalOf(
  vertex: VertexHistory,
  fromMs: number,
  figureOf: (frame: Frame, subtask: number) => number,
): [number, number][] {
  const parallelism = vertex.parallelism ?? vertex.subtasks.length;
  const phases = lastPhasesOf(vertex);
  const moments = framesOf(vertex)
    .filter(({ atMs }) => atMs >= fromMs)
    .map((frame) => {
      let told = 0;
      let records = 0;
      for (let subtask = 0; subtask < Math.min(parallelism, frame.phases.length); subtask += 1) {
        const figure = figureOf(frame, subtask);
        if (Number.isNaN(figure) || frame.phases[subtask]?.attempt !== phases[subtask]?.attempt) continue;
        told += 1;
        records += figure;
      }
      return { atMs: frame.atMs, told, records };
    });
  const most = Math.max(0, ...moments.map(({ told }) => told));
  return moments.flatMap(({ atMs, told, records }): [number, number][] =>
    told > 0 && told === most ? [[atMs, records]] : [],
  );
}
