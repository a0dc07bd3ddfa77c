import { figureIn, framesOf, lastPhasesOf, type JobHistory, type VertexHistory } from '../../collector/model/index.js';
import type { Topology } from '../graph/topology.js';
import { max, present } from '../numbers.js';
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
  /** What arrives at the source: consumed plus what the lag grows by. */
  readonly offeredPerSecond?: number;
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
  const offered = consumed === undefined || slope === undefined ? undefined : Math.max(0, consumed + slope);
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
    ...(lagSeconds === undefined ? {} : { lagSeconds }),
    ...(line === undefined ? {} : { line, catchUp: forecastOf(line, { value: 0, from: 'above' }, nowMs) }),
    ...(trend === 'falling' && slope !== undefined ? { catchUpMs: (last[1] / -slope) * 1000 } : {}),
  };
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

/** `[atMs, records]` summed over all readers; a moment when one of them did not tell is left out. */
function totalPending(vertex: VertexHistory, fromMs: number): [number, number][] {
  const parallelism = vertex.parallelism ?? vertex.subtasks.length;
  const phases = lastPhasesOf(vertex);
  const moments = framesOf(vertex)
    .filter(({ atMs }) => atMs >= fromMs)
    .map((frame) => {
      let told = 0;
      let records = 0;
      for (let subtask = 0; subtask < Math.min(parallelism, frame.phases.length); subtask += 1) {
        const pending = figureIn(frame, 'pendingRecords', subtask);
        if (Number.isNaN(pending) || frame.phases[subtask]?.attempt !== phases[subtask]?.attempt) continue;
        told += 1;
        records += pending;
      }
      return { atMs: frame.atMs, told, records };
    });
  const most = Math.max(0, ...moments.map(({ told }) => told));
  return moments.flatMap(({ atMs, told, records }): [number, number][] =>
    told > 0 && told === most ? [[atMs, records]] : [],
  );
}
