import type { JobHistory } from '../../collector/model/index.js';
import type { ExplainedBottleneck } from '../graph/cause.js';
import { inFlightRecords } from '../signals/in-flight.js';
import { consumedPerSecond, isArrivalComing, type LagSignal } from '../signals/lag.js';
import type { LoadSignal, VertexLoad } from '../signals/load.js';
import type { JobFacts } from '../signals/job-facts.js';
import { min, present } from '../numbers.js';
import { demandScales } from '../graph/demand.js';
import { slotsNeededFor } from './slots.js';
import { contentionIn, type Contention } from './scalability.js';
import { standstillOf } from './standstill.js';

/** Target utilisation of the busiest subtask; the Kubernetes operator's autoscaler default (`utilization.target`). */
export const TARGET_UTILISATION = 0.7;
/** The backlog is to be gone within this time, and a restart of this length caught up within it (F1). */
export const CATCH_UP_MS = 1_800_000;
export const RESTART_MS = 60_000;
/**
 * For the backlog's sake a vertex gets at most its demand once more: a day of backlog, gone in half an hour, would ask for
 * fifty times the size. The plan tells how long catching up takes instead.
 */
const BACKLOG_SHARE_MAX = 1;
/** Without a known demand one step at most doubles: the effect of each step is to be seen before the next. */
export const BLIND_STEP = 2;
/** Measured busy stood 0–8 % above construction on quiet hosts, up to 17 % on starved ones (CALIBRATION fact 18). */
export const BUSY_READS_LOW = 0.97;
export const BUSY_READS_HIGH = 1.17;
/**
 * What a full vertex serves tells its speed by itself, whatever its busy time reads: the capacity that follows is wrong only by
 * what more subtasks cost one another.
 */
export const CAPACITY_LOW = 0.95;
export const CAPACITY_HIGH = 1.03;

/** What one vertex is asked for, and what one of its subtasks can do. Rates are records per second. */
export interface VertexCapacity {
  readonly vertexId: string;
  readonly parallelism: number;
  readonly maxParallelism?: number;
  /** Highest parallelism that can share the work: max parallelism for keyed vertices. */
  readonly parallelismLimit?: number;
  readonly keyed: boolean;
  /** What flows in now. */
  readonly servedPerSecond: number;
  /** What would flow in if nothing upstream or here held it back; served when no source tells its lag. */
  readonly demandPerSecond: number;
  readonly demandKnown: boolean;
  /** Busy seconds that one record costs. */
  readonly secondsPerRecord: number;
  /** Busy seconds that each further subtask adds to the price of a record, where past parallelisms have shown it. */
  readonly secondsPerSubtask?: number;
  /** More subtasks would share its work: it is no source, whose splits decide, and about as busy in all subtasks. */
  readonly scales?: boolean;
}

export type CapacityPlan = ReadonlyMap<string, VertexCapacity>;

/** True processing rates, and demand propagated from the sources through the graph (F1, F1b). */
export function capacityOf(job: JobFacts, load: LoadSignal, lag: LagSignal): CapacityPlan {
  const scales = demandScales(job.topology, load, lag);
  const capacities = [...load.values()].map((vertex) => {
    const served = servedPerSecond(vertex, job, load);
    const { busySum } = vertex;
    if (served === undefined || served <= 0 || busySum <= 0) return undefined;
    const scale = scales.get(vertex.vertexId);
    const keyed = job.topology.inputsOf(vertex.vertexId).some((edge) => edge.shipStrategy === 'HASH');
    return {
      vertexId: vertex.vertexId,
      parallelism: vertex.parallelism,
      keyed,
      servedPerSecond: served,
      demandPerSecond: served * (scale ?? 1),
      demandKnown: scale !== undefined,
      secondsPerRecord: busySum / served,
      scales: !job.topology.isSource(vertex.vertexId) && isEven(vertex),
      ...(vertex.maxParallelism === undefined
        ? {}
        : { maxParallelism: vertex.maxParallelism, parallelismLimit: vertex.maxParallelism }),
    };
  });
  return new Map(present(capacities).map((capacity) => [capacity.vertexId, capacity]));
}

/** A busiest subtask this far above the mean has more of its own than its share of the key groups. */
const UNEVEN_RATIO = 1.5;

const isEven = ({ busyMax = 0, busyMean = 0 }: VertexLoad): boolean => busyMax <= UNEVEN_RATIO * busyMean;

/** Records in; for sources what they emit. */
function servedPerSecond(vertex: VertexLoad, job: JobFacts, load: LoadSignal): number | undefined {
  return job.topology.isSource(vertex.vertexId) ? consumedPerSecond(vertex, load) : vertex.recordsInPerSecond;
}

/** As past parallelisms of the vertex have shown it, if they have. */
export function contended(capacity: VertexCapacity, contention: Contention | undefined): VertexCapacity {
  return contention === undefined ? capacity : { ...capacity, secondsPerSubtask: contention.secondsPerSubtask };
}

/** Busy ratio of the busiest subtask at a parallelism and an input rate. It owns `ceil(m/p)` of m key groups. */
export function busyAt(capacity: VertexCapacity, parallelism: number, perSecond: number): number {
  const { maxParallelism, keyed } = capacity;
  const share =
    keyed && maxParallelism !== undefined ? Math.ceil(maxParallelism / parallelism) / maxParallelism : 1 / parallelism;
  return perSecond * secondsAt(capacity, parallelism) * share;
}

/** Fewer subtasks than now cost no more than now, and how much less nobody has seen. */
function secondsAt(
  { secondsPerRecord, secondsPerSubtask = 0, parallelism: now }: VertexCapacity,
  then: number,
): number {
  return secondsPerRecord + secondsPerSubtask * Math.max(0, then - now);
}

/** Records per second that a parallelism can take at busy 1. */
export function rateAt(capacity: VertexCapacity, parallelism: number): number {
  return 1 / busyAt(capacity, parallelism, 1);
}

/**
 * What the vertex must be able to take: its demand at the target utilisation, and, as busy as can be, its demand with the backlog and
 * a restart's worth of input in the catch-up time. The larger of the two, not the sum: what the target leaves free is what catches up.
 * As a sum the advice would grow with the lag from minute to minute while nobody follows it.
 */
export function requiredPerSecond(capacity: VertexCapacity, lag: LagSignal): number {
  const { demandPerSecond: demand } = capacity;
  const backlogShare = Math.min(BACKLOG_SHARE_MAX, Math.max(0, lag.lagSeconds ?? 0) / (CATCH_UP_MS / 1000));
  return Math.max(demand / TARGET_UTILISATION, demand * (1 + backlogShare + RESTART_MS / CATCH_UP_MS));
}

/**
 * Smallest parallelism whose busiest subtask can take the required rate. Undefined: no parallelism can, or its subtasks would spend more
 * than a third of their time on one another.
 */
export function parallelismFor(capacity: VertexCapacity, perSecond: number): number | undefined {
  const limit = Math.min(capacity.parallelismLimit ?? PARALLELISM_HIGHEST, worthwhile(capacity));
  const even = Math.max(1, Math.ceil(perSecond * capacity.secondsPerRecord - 1e-9));
  for (let parallelism = even; parallelism <= limit; parallelism += 1) {
    if (busyAt(capacity, parallelism, perSecond) <= 1 + 1e-9) return parallelism;
  }
  return undefined;
}

const PARALLELISM_HIGHEST = 32_768;
/** A hair over the target is no reason for one more: rates waver by 2 %, and the advice would go to and fro (1.20.3: 4, 5, 4, 5 at a load of 2.8). */
const WAVER = 1.03;

const WORTH = 0.5;
/** Where a record costs half again what it costs now, a third of each subtask is spent on waiting for the others. */
function worthwhile({ secondsPerRecord, secondsPerSubtask = 0, parallelism }: VertexCapacity): number {
  return secondsPerSubtask <= 0 ? Infinity : parallelism + Math.floor(WORTH * (secondsPerRecord / secondsPerSubtask));
}

/** A change of one vertex's parallelism with what it is expected to bring. */
export interface ParallelismPlan {
  readonly vertexId: string;
  readonly from: number;
  readonly to: number;
  readonly demandKnown: boolean;
  /** The backlog asks for more than the target does. */
  readonly isForBacklog: boolean;
  readonly throughput: { readonly from: number; readonly to: number; readonly low: number; readonly high: number };
  readonly busy: { readonly from: number; readonly to: number; readonly low: number; readonly high: number };
  /** The vertex that is full next, if the plan runs into it before its demand is met. */
  readonly nextBottleneck?: string;
  /** From the moment of the change until nothing waits. */
  readonly catchUp?: { readonly ms: number; readonly lowMs: number; readonly highMs: number };
  readonly lagSeconds?: number;
  readonly slotsExtra: number;
  /** Vertices that what now flows would fill next: changed in the same step, or they would ask for a second one. */
  readonly companions: readonly Companion[];
  /** What past parallelisms have shown of its subtasks; reckoned with. */
  readonly contention?: Contention;
}

export interface Companion {
  readonly vertexId: string;
  readonly from: number;
  readonly to: number;
  /** At the whole demand, with its parallelism of now and then. */
  readonly busy: { readonly from: number; readonly to: number };
}

/** Where its subtasks hold one another up the target may be out of reach, and the demand with a tenth for the backlog is not. */
const SPARE_MIN = 1.1;

/** Where the required rate is out of reach: Flink's limit is worth reaching, subtasks that only queue are not. */
function secondBest(capacity: VertexCapacity): number | undefined {
  if (capacity.secondsPerSubtask === undefined) return capacity.parallelismLimit;
  return capacity.demandKnown ? parallelismFor(capacity, capacity.demandPerSecond * SPARE_MIN) : undefined;
}

/** The job that is sized, as the view of a rule has it. */
export interface SizedJob {
  readonly job: JobFacts;
  readonly history: JobHistory;
}

/** Sizes a bottleneck for its demand. Undefined when nothing is gained: no larger parallelism, or the limit is reached. */
export function planParallelism(
  bottleneck: Pick<ExplainedBottleneck, 'vertexId' | 'busyMax'>,
  capacities: CapacityPlan,
  lag: LagSignal,
  at: SizedJob,
): ParallelismPlan | undefined {
  const { history } = at;
  const plain = capacities.get(bottleneck.vertexId);
  if (plain === undefined || (!plain.demandKnown && isArrivalComing(lag))) return undefined;
  const contention = contentionIn(history, bottleneck.vertexId);
  const capacity = contended(plain, contention);
  const wanted = capacity.demandKnown
    ? requiredPerSecond(capacity, lag)
    : rateAt(capacity, capacity.parallelism) * BLIND_STEP;
  const to = parallelismFor(capacity, wanted / WAVER) ?? secondBest(capacity);
  if (to === undefined || to <= capacity.parallelism) return undefined;
  const companions = capacity.demandKnown ? companionsOf(bottleneck.vertexId, capacities, lag) : [];
  const resized = new Map(companions.map((companion) => [companion.vertexId, companion.to]));
  const next = nextLimit(bottleneck.vertexId, capacity, capacities, resized);
  const able = rateAt(capacity, to);
  const reach = (rate: number): number =>
    Math.min(rate, capacity.demandKnown ? capacity.demandPerSecond : Infinity, next?.perSecond ?? Infinity);
  const served = reach(able);
  const busyTo = Math.min(1, busyAt(capacity, to, served));
  return {
    vertexId: bottleneck.vertexId,
    from: capacity.parallelism,
    to,
    demandKnown: capacity.demandKnown,
    isForBacklog: capacity.demandKnown && wanted > capacity.demandPerSecond / TARGET_UTILISATION,
    throughput: {
      from: capacity.servedPerSecond,
      to: served,
      low: Math.min(served, reach(able * CAPACITY_LOW)),
      high: Math.max(served, reach(able * CAPACITY_HIGH)),
    },
    busy: {
      from: bottleneck.busyMax,
      to: busyTo,
      low: Math.min(1, busyTo * BUSY_READS_LOW),
      high: Math.min(1, busyTo * BUSY_READS_HIGH),
    },
    slotsExtra:
      slotsNeededFor(history, new Map([...resized, [bottleneck.vertexId, to]])) - slotsNeededFor(history, new Map()),
    companions,
    ...(contention === undefined ? {} : { contention }),
    ...(next === undefined || next.perSecond >= able ? {} : { nextBottleneck: next.vertexId }),
    ...(capacity.demandKnown ? catchUpOf(capacity, able, lag.lagSeconds, at) : {}),
  };
}

/**
 * Of how many seconds at most the work is done again: what came behind the barrier of the last checkpoint, until the next one would have been
 * done. Behind a full vertex barriers wait as records do (1.20.3: 57 s at an interval of 10 s).
 */
function againSeconds({ checkpointConfig, checkpoints }: JobHistory): number {
  const last = checkpoints.findLast(({ status, isSavepoint }) => status === 'COMPLETED' && !isSavepoint);
  return ((checkpointConfig?.intervalMs ?? 0) + (last?.durationMs ?? 0)) / 1000;
}

/**
 * The backlog now, at the source and in the buffers before the vertex, what comes in while the job stands still, and what is read again since the last checkpoint, worked off by what
 * the vertex can take beyond its demand. Undefined where it can take no more than that.
 */
function catchUpOf(
  { vertexId, demandPerSecond: demand, servedPerSecond: served }: VertexCapacity,
  able: number,
  lagSeconds: number | undefined,
  { job, history }: SizedJob,
): Pick<ParallelismPlan, 'catchUp' | 'lagSeconds'> {
  if (lagSeconds === undefined || able * CAPACITY_LOW <= demand) return {};
  const msFor = (backlogSeconds: number, rate: number): number => ((backlogSeconds * demand) / (rate - demand)) * 1000;
  const { lowSeconds, highSeconds } = standstillOf(job, history);
  const again = (againSeconds(history) * served) / demand;
  const waitingSeconds = lagSeconds + (inFlightRecords(vertexId, job.topology, history) ?? 0) / demand;
  const [low, high] = [waitingSeconds + lowSeconds, waitingSeconds + again + highSeconds];
  return {
    lagSeconds,
    catchUp: {
      ms: msFor((low + high) / 2, able),
      lowMs: msFor(low, able * CAPACITY_HIGH),
      highMs: msFor(high, able * CAPACITY_LOW),
    },
  };
}

/** Busy readings stand a little high (CALIBRATION fact 18): a vertex that would be just at the target stays as it is. */
const COMPANION_BUSY_MIN = TARGET_UTILISATION * 1.07;

function companionsOf(vertexId: string, capacities: CapacityPlan, lag: LagSignal): readonly Companion[] {
  return [...capacities.values()].flatMap((other): Companion[] => {
    const { parallelism, demandPerSecond: demand } = other;
    if (other.vertexId === vertexId || other.scales !== true || !other.demandKnown) return [];
    const busy = busyAt(other, parallelism, demand);
    if (busy <= COMPANION_BUSY_MIN) return [];
    const to = parallelismFor(other, requiredPerSecond(other, lag)) ?? other.parallelismLimit;
    if (to === undefined || to <= parallelism) return [];
    return [{ vertexId: other.vertexId, from: parallelism, to, busy: { from: busy, to: busyAt(other, to, demand) } }];
  });
}

/** How far this vertex's input can grow before another vertex of the job is full (§3 step 10). */
function nextLimit(
  vertexId: string,
  capacity: VertexCapacity,
  capacities: CapacityPlan,
  resized: ReadonlyMap<string, number>,
): { vertexId: string; perSecond: number } | undefined {
  const others = [...capacities.values()]
    .filter((other) => other.vertexId !== vertexId)
    .map((other) => ({
      vertexId: other.vertexId,
      perSecond:
        (rateAt(other, resized.get(other.vertexId) ?? other.parallelism) / other.servedPerSecond) *
        capacity.servedPerSecond,
    }));
  const lowest = min(others.map((other) => other.perSecond));
  return others.find((other) => other.perSecond === lowest);
}
