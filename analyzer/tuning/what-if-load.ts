import type { JobHistory } from '../../collector/model/index.js';
import { isPressured } from '../graph/localise.js';
import type { JobFacts } from '../signals/job-facts.js';
import { LAG_MIN_SECONDS, type LagSignal, type SourceLag } from '../signals/lag.js';
import { defined, type LoadSignal } from '../signals/load.js';
import type { ExplainedBottleneck } from '../graph/cause.js';
import type { VertexSkew } from '../signals/skew.js';
import type { Text } from '../text.js';
import { fill, growthAt, originsOf } from './flow.js';
import { passedScale } from '../graph/demand.js';
import { BUSY_READS_HIGH, BUSY_READS_LOW, capacityOf, contended } from './parallelism.js';
import { contentionIn } from './scalability.js';
import { workAt, type VertexWork, type WorkAt } from './what-if-work.js';

/** A figure now and after the changes; a missing one is not known. */
export interface FromTo {
  readonly from?: number;
  readonly to?: number;
}

export interface VertexForecast {
  readonly vertexId: string;
  readonly vertexName: string;
  readonly parallelism: FromTo;
  /** Records per second that it takes when its busiest subtask never rests. */
  readonly capacityPerSecond: FromTo;
  readonly recordsInPerSecond: FromTo;
  /** Of the busiest subtask. */
  readonly busyRatio: FromTo & { readonly low?: number; readonly high?: number };
  readonly limit?: Text;
}

export interface SourceForecast {
  readonly vertexId: string;
  readonly vertexName: string;
  readonly lagRecords: number;
  readonly offeredPerSecond?: number;
  readonly consumedPerSecond: FromTo;
  /** Records per second; negative while the backlog shrinks. */
  readonly lagSlopePerSecond: FromTo;
  readonly catchUpMs: FromTo;
}

export interface LoadInputs {
  readonly job: JobFacts;
  readonly history: JobHistory;
  readonly load: LoadSignal;
  readonly lag: LagSignal;
  readonly skew: readonly VertexSkew[];
  readonly bottlenecks: readonly ExplainedBottleneck[];
}

export interface LoadForecast {
  /** False: the job is held back and no source tells what waits, so no load after the changes is said. */
  readonly demandKnown: boolean;
  readonly vertices: readonly VertexForecast[];
  readonly sources: readonly SourceForecast[];
}

/** The work of each vertex whose records have a known cost. */
export function worksOf({ job, history, load, lag, skew, bottlenecks }: LoadInputs): ReadonlyMap<string, VertexWork> {
  const works = new Map<string, VertexWork>();
  for (const [vertexId, capacity] of capacityOf(job, load, lag)) {
    const vertex = history.vertices.find((candidate) => candidate.vertexId === vertexId);
    const vertexLoad = load.get(vertexId);
    if (vertex === undefined || vertexLoad === undefined) continue;
    const contention = contentionIn(history, vertexId);
    works.set(vertexId, {
      vertex,
      load: vertexLoad,
      capacity: contended(capacity, contention),
      isSource: job.topology.isSource(vertexId),
      ...defined({
        contention,
        skew: skew.find((candidate) => candidate.vertexId === vertexId),
        bottleneck: bottlenecks.find((candidate) => candidate.vertexId === vertexId),
      }),
    });
  }
  return works;
}

/** What flows and how busy each vertex is when some of them run with another parallelism. */
export function forecastLoad(
  inputs: LoadInputs,
  works: ReadonlyMap<string, VertexWork>,
  parallelisms: ReadonlyMap<string, number>,
): LoadForecast {
  const { job, load, lag } = inputs;
  const origins = originsOf(job.topology, load);
  const after = [...works.values()].map((work) => stateAt(work, parallelisms.get(work.vertex.vertexId)));
  const limits = new Map(
    after.map(({ work, rateTo }) => [work.capacity.vertexId, rateTo / work.capacity.servedPerSecond]),
  );
  const demands = job.topology.order
    .filter((id) => job.topology.isSource(id))
    .map((id) => ({ id, scale: demandScale(id, inputs) }));
  const demandKnown = demands.every(({ scale }) => scale !== undefined);
  const steady = fill(new Map(demands.map(({ id, scale = 1 }) => [id, scale])), limits, origins);
  const behind = new Set(lag.sources.filter(hasBacklog).map(({ vertexId }) => vertexId));
  const atFull = fill(
    new Map(demands.map(({ id, scale = 1 }) => [id, behind.has(id) ? Infinity : scale])),
    limits,
    origins,
  );
  return {
    demandKnown,
    vertices: after.map((state) =>
      vertexForecast(job, state, demandKnown ? growthAt(state.work.capacity.vertexId, origins, steady) : undefined),
    ),
    sources: lag.sources.map((source) =>
      sourceForecast(job, source, demandKnown ? atFull.get(source.vertexId) : undefined),
    ),
  };
}

interface VertexState {
  readonly work: VertexWork;
  readonly to: number;
  readonly shareTo: number;
  readonly rateFrom: number;
  readonly rateTo: number;
  readonly limit?: Text;
}

function stateAt(work: VertexWork, parallelism: number = work.capacity.parallelism): VertexState {
  const { capacity } = work;
  const now = shareOf(workAt(work, capacity.parallelism));
  const then = workAt(work, parallelism);
  const shareTo = shareOf(then);
  return {
    work,
    to: parallelism,
    shareTo,
    rateFrom: 1 / (capacity.secondsPerRecord * now),
    rateTo: 1 / (capacity.secondsPerRecord * shareTo),
    ...(then.known && then.limit !== undefined ? { limit: then.limit } : {}),
  };
}

/** Changes whose effect is not known are turned away before this. */
function shareOf(work: WorkAt): number {
  return work.known ? work.share : 1;
}

function vertexForecast(job: JobFacts, state: VertexState, growth: number | undefined): VertexForecast {
  const { work, to, shareTo, rateFrom, rateTo, limit } = state;
  const { vertexId, parallelism, servedPerSecond, secondsPerRecord } = work.capacity;
  const servedTo = growth === undefined || !Number.isFinite(growth) ? undefined : servedPerSecond * growth;
  const busyTo = servedTo === undefined ? undefined : Math.min(1, servedTo * secondsPerRecord * shareTo);
  return {
    vertexId,
    vertexName: job.vertexName(vertexId),
    parallelism: { from: parallelism, to },
    capacityPerSecond: { from: rateFrom, to: rateTo },
    recordsInPerSecond: { from: servedPerSecond, ...defined({ to: servedTo }) },
    busyRatio: defined({
      from: work.load.busyMax,
      to: busyTo,
      low: busyTo === undefined ? undefined : Math.min(1, busyTo * BUSY_READS_LOW),
      high: busyTo === undefined ? undefined : Math.min(1, busyTo * BUSY_READS_HIGH),
    }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** While there is a backlog a source reads as fast as the job lets it; without one, what arrives. */
function sourceForecast(job: JobFacts, source: SourceLag, growth: number | undefined): SourceForecast {
  const { vertexId, lagRecords, offeredPerSecond: offered, consumedPerSecond: consumed } = source;
  const known = growth !== undefined && Number.isFinite(growth) && consumed !== undefined;
  const consumedTo = known ? consumed * growth : undefined;
  const slopeTo = offered === undefined || consumedTo === undefined ? undefined : offered - consumedTo;
  return {
    vertexId,
    vertexName: job.vertexName(vertexId),
    lagRecords,
    ...defined({ offeredPerSecond: offered }),
    consumedPerSecond: defined({ from: consumed, to: consumedTo }),
    lagSlopePerSecond: defined({ from: source.slopePerSecond, to: slopeTo }),
    catchUpMs: defined({
      from: source.catchUpMs,
      to: slopeTo === undefined || slopeTo >= 0 || !hasBacklog(source) ? undefined : (lagRecords / -slopeTo) * 1000,
    }),
  };
}

function hasBacklog({ lagSeconds }: SourceLag): boolean {
  return (lagSeconds ?? 0) >= LAG_MIN_SECONDS;
}

/** What a source wants to emit, as a multiple of what it does. Where nothing is held back, it wants what it emits. */
function demandScale(vertexId: string, { job, lag, load, bottlenecks }: LoadInputs): number | undefined {
  const scale = passedScale(vertexId, job.topology, load, lag);
  if (scale !== undefined) return scale;
  const heldBack = bottlenecks.length > 0 || [...load.values()].some(isPressured);
  return heldBack ? undefined : 1;
}
