import type { JobHistory } from '../../../collector/model/index.js';
import { defined, LOAD_WINDOW_MS, type LoadSignal, type VertexLoad } from '../../signals/load.js';
import { consumedPerSecond, type LagSignal, type SourceLag } from '../../signals/lag.js';
import { min, present } from '../../numbers.js';
import type { AutoscalerOptions } from './options.js';
import type { Samples, VertexSample } from './samples.js';
import { planOf, type Plan, type PlannedVertex } from './topology.js';

/** What Weir knows of a job. */
export interface JobFigures {
  readonly history: JobHistory;
  readonly load: LoadSignal;
  readonly lag: LagSignal;
  /** By source, where the connector tells them: the autoscaler knows those of Kafka and Pulsar. */
  readonly sourcePartitions?: ReadonlyMap<string, number>;
}

export interface AutoscalerInput {
  readonly plan: Plan;
  readonly samples: Samples;
}

/**
 * Our figures as two rounds of the autoscaler, a window apart. Undefined where it would see something of a vertex that we do
 * not. A source without a lag metric has none for it (`ScalingMetrics.computeLagMetrics`).
 */
export function autoscalerInput(figures: JobFigures, options: AutoscalerOptions): AutoscalerInput | undefined {
  const vertices = figures.history.vertices.map(({ vertexId }) => plannedVertex(vertexId, figures));
  const plan = planOf(present(vertices));
  if (plan.vertices.length < vertices.length) return undefined;
  const rounds = plan.vertices.map((vertex) => [vertex.vertexId, roundsOf(vertex, figures, options)] as const);
  if (rounds.some(([, both]) => both === undefined)) return undefined;
  const round = (which: 'first' | 'last'): ReadonlyMap<string, VertexSample> =>
    new Map(rounds.flatMap(([vertexId, both]) => (both === undefined ? [] : [[vertexId, both[which]]])));
  return {
    plan,
    samples: [
      { atMs: 0, vertices: round('first') },
      { atMs: LOAD_WINDOW_MS, vertices: round('last') },
    ],
  };
}

function plannedVertex(vertexId: string, { history, load, sourcePartitions }: JobFigures): PlannedVertex | undefined {
  const { parallelism, maxParallelism } = load.get(vertexId) ?? {};
  if (parallelism === undefined || maxParallelism === undefined) return undefined;
  const edges = history.edges.filter(({ toVertexId }) => toVertexId === vertexId);
  return {
    vertexId,
    parallelism,
    maxParallelism,
    sourcePartitions: sourcePartitions?.get(vertexId) ?? 0,
    inputs: new Map(edges.map(({ fromVertexId, shipStrategy }) => [fromVertexId, shipStrategy])),
  };
}

interface Rounds {
  readonly first: VertexSample;
  readonly last: VertexSample;
}

function roundsOf(
  { vertexId, inputs }: PlannedVertex,
  figures: JobFigures,
  options: AutoscalerOptions,
): Rounds | undefined {
  const vertex = figures.load.get(vertexId);
  const busy = vertex && busyOf(vertex, options.busyAggregator);
  if (vertex === undefined || busy === undefined) return undefined;
  const windowS = LOAD_WINDOW_MS / 1000;
  const counters = (perSecond: number, out: number, seconds: number): VertexSample => ({
    load: busy,
    recordsIn: perSecond * seconds,
    recordsOut: out * seconds,
    busyMs: (vertex.busyMean ?? 0) * vertex.parallelism * 1000 * seconds,
  });
  const isSource = inputs.size === 0;
  const input = isSource ? (consumedPerSecond(vertex, figures.load) ?? 0) : vertex.recordsInPerSecond;
  if (input === undefined) return undefined;
  const out = vertex.recordsOutPerSecond ?? 0;
  const [first, last] = [counters(input, out, 0), counters(input, out, windowS)];
  if (!isSource) return { first, last };
  const lag = figures.lag.sources.find((source) => source.vertexId === vertexId);
  const seen = defined({ observedPerSecond: observedRate(input, lag, vertex, options) });
  const lagRecords = lag?.lagRecords ?? 0;
  const before = lagRecords - (lag?.slopePerSecond ?? 0) * windowS;
  return { first: { ...first, ...seen, lagRecords: before }, last: { ...last, ...seen, lagRecords } };
}

function busyOf(vertex: VertexLoad, aggregator: AutoscalerOptions['busyAggregator']): number | undefined {
  if (aggregator === 'MAX') return vertex.busyMax;
  if (aggregator === 'AVG') return vertex.busyMean;
  return min(present(vertex.subtasks.map(({ busyRatio }) => busyRatio)));
}

/**
 * `ScalingMetrics.getObservedTpr`: what a source reads while it lags is all it can, over the time it is not held back;
 * infinite where nothing comes.
 */
function observedRate(
  perSecond: number,
  lag: SourceLag | undefined,
  { backPressuredMean = 0 }: VertexLoad,
  { observedRateLagSeconds }: AutoscalerOptions,
): number | undefined {
  if (perSecond === 0) return Infinity;
  if ((lag?.lagRecords ?? 0) < observedRateLagSeconds * perSecond || backPressuredMean >= 1) return undefined;
  return perSecond / (1 - backPressuredMean);
}
