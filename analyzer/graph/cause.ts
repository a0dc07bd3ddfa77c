import type { HostSignal } from '../signals/host.js';
import type { JobFacts } from '../signals/job-facts.js';
import type { LoadSignal, SubtaskLoad } from '../signals/load.js';
import type { VertexSkew } from '../signals/skew.js';
import type { TaskManagerLoad } from '../signals/task-managers.js';
import { max, median, present, sum } from '../numbers.js';
import type { Bottleneck } from './localise.js';

/** Limits of diagnosis §5.1 and CALIBRATION §2; each is the middle of a measured gap. */
export const GC_RATIO_MIN = 0.1;
/** F15 was ≥ .94 for parked work and ≤ .30 for CPU-bound work on a host with room. */
export const WAIT_RATIO_MIN = 0.6;
export const CPU_WAIT_RATIO_MAX = 0.4;
/** Diagnosis §2 F15: at and below this the work is computing, with cores to spare. */
export const CPU_BOUND_WAIT_RATIO_MAX = 0.3;
export const CPU_UTILISATION_MIN = 0.85;
/** A skewed bottleneck leaves the others idle: the median subtask stays below this. */
export const OTHERS_BUSY_MAX = 0.75;

export type BottleneckCause =
  | { readonly kind: 'skew'; readonly skew: VertexSkew }
  | { readonly kind: 'gc'; readonly taskManager: TaskManagerLoad }
  | { readonly kind: 'non-parallel' }
  | { readonly kind: 'cpu-saturated'; readonly taskManager: TaskManagerLoad; readonly utilisation: number }
  | { readonly kind: 'external-wait'; readonly waitRatio: number }
  | { readonly kind: 'cpu-bound'; readonly waitRatio: number }
  /** The evidence does not decide; `why` says what is in the way. */
  | { readonly kind: 'unclear'; readonly why: 'host-starved' | 'no-cpu-time' | 'mixed' | 'uneven' };

export interface ExplainedBottleneck extends Bottleneck {
  readonly cause: BottleneckCause;
  /** F15: share of busy time in which no CPU was used, over the TaskManagers of the saturated subtasks. */
  readonly waitRatio?: number;
  /** It takes in more than arrives: what waits in the buffers before it becomes less. */
  readonly isWorkingOff: boolean;
}

export interface CauseInputs {
  readonly job: JobFacts;
  readonly load: LoadSignal;
  readonly skew: readonly VertexSkew[];
  readonly taskManagers: readonly TaskManagerLoad[];
  readonly host: HostSignal;
  /** Vertices that work off what waits in buffers. */
  readonly workingOff: ReadonlySet<string>;
}

/** Attaches the first cause that matches, in the order of diagnosis §3 step 9 (a non-parallel operator before its wait). */
export function explain(bottleneck: Bottleneck, inputs: CauseInputs): ExplainedBottleneck {
  const waitRatio = waitRatioOf(bottleneck, inputs);
  return {
    ...bottleneck,
    cause: causeOf(bottleneck, waitRatio, inputs),
    isWorkingOff: inputs.workingOff.has(bottleneck.vertexId),
    ...(waitRatio === undefined ? {} : { waitRatio }),
  };
}

function causeOf(bottleneck: Bottleneck, waitRatio: number | undefined, inputs: CauseInputs): BottleneckCause {
  const skew = inputs.skew.find((candidate) => isSkewed(candidate, bottleneck, inputs.load));
  if (skew !== undefined) return { kind: 'skew', skew };
  const hosts = hostsOf(bottleneck, inputs);
  const collecting = hosts.find((tm) => (tm.gcRatio ?? 0) >= GC_RATIO_MIN);
  if (collecting !== undefined) return { kind: 'gc', taskManager: collecting };
  if (isNonParallel(bottleneck, inputs)) return { kind: 'non-parallel' };
  // Some are full while the others rest, and their records do not tell why, or not yet: no plain wait, no plain computing.
  if (othersRest(bottleneck.vertexId, bottleneck.subtasks, inputs.load) && !areRecordsWhy(bottleneck, inputs)) {
    return { kind: 'unclear', why: 'uneven' };
  }
  if (waitRatio === undefined) return { kind: 'unclear', why: 'no-cpu-time' };
  const saturated = hosts.find((tm) => utilisationOf(tm, inputs.taskManagers) >= CPU_UTILISATION_MIN);
  if (saturated !== undefined && waitRatio <= CPU_WAIT_RATIO_MAX) {
    return {
      kind: 'cpu-saturated',
      taskManager: saturated,
      utilisation: utilisationOf(saturated, inputs.taskManagers),
    };
  }
  if (inputs.host.starved || wantsMoreCpu(hosts, waitRatio)) return { kind: 'unclear', why: 'host-starved' };
  if (waitRatio >= WAIT_RATIO_MIN) return { kind: 'external-wait', waitRatio };
  return waitRatio <= CPU_BOUND_WAIT_RATIO_MAX ? { kind: 'cpu-bound', waitRatio } : { kind: 'unclear', why: 'mixed' };
}

/**
 * Computing subtasks that could fill the machine and do not get it: something else on it takes the cores, and more
 * subtasks here would not help. Seen on a shared two-core machine: 1.3–1.6 cores for two subtasks at busy 1.
 */
function wantsMoreCpu(hosts: readonly TaskManagerLoad[], waitRatio: number): boolean {
  const wanted = sum(hosts.map((tm) => tm.busySum));
  const cores = sum([...new Map(hosts.map((tm) => [tm.host, tm.cpuCores])).values()]);
  return waitRatio <= CPU_WAIT_RATIO_MAX && wanted >= CPU_UTILISATION_MIN * cores;
}

function isSkewed(skew: VertexSkew, bottleneck: Bottleneck, load: LoadSignal): boolean {
  if (skew.vertexId !== bottleneck.vertexId || skew.kind === 'even') return false;
  const heaviest = skew.subtasks.some((subtask) => bottleneck.subtasks.includes(subtask));
  return heaviest && othersRest(bottleneck.vertexId, skew.subtasks, load);
}

/** The subtasks beside these are busy three quarters of the time at most; false where there are none. */
function othersRest(vertexId: string, subtasks: readonly number[], load: LoadSignal): boolean {
  const others = (load.get(vertexId)?.subtasks ?? []).filter(({ subtask }) => !subtasks.includes(subtask));
  return (median(present(others.map(({ busyRatio }) => busyRatio))) ?? 1) <= OTHERS_BUSY_MAX;
}

/** Flink's key groups deal 128 of them to 48 subtasks as threes and twos: nobody calls that skew. */
const MILD_MAX_OVER_MEAN = 1.3;
/** Busy time that follows the records does so within this. */
const FOLLOWS_MIN = 0.85;

/**
 * The resting subtasks have fewer records, by about as much as they are less busy, and the heaviest has little more than
 * the mean: all do the same work, and what fills the heaviest is nearly too much for each of them.
 */
function areRecordsWhy({ vertexId, subtasks }: Bottleneck, { skew, load }: CauseInputs): boolean {
  const known = skew.find((candidate) => candidate.vertexId === vertexId);
  if (known === undefined || known.maxOverMean >= MILD_MAX_OVER_MEAN) return false;
  const loads = load.get(vertexId)?.subtasks ?? [];
  const isFull = ({ subtask }: SubtaskLoad): boolean => subtasks.includes(subtask);
  const restOverFull = (of: (load: SubtaskLoad) => number | undefined): number => {
    const [rest, full] = [loads.filter((one) => !isFull(one)), loads.filter(isFull)].map((part) =>
      median(present(part.map(of))),
    );
    return (rest ?? NaN) / (full ?? NaN);
  };
  return (
    restOverFull(({ busyRatio }) => busyRatio) >=
    FOLLOWS_MIN * restOverFull(({ recordsInPerSecond }) => recordsInPerSecond)
  );
}

function isNonParallel(bottleneck: Bottleneck, { job, load }: CauseInputs): boolean {
  if (load.get(bottleneck.vertexId)?.parallelism !== 1 || job.parallelism < 2) return false;
  return job.topology
    .inputsOf(bottleneck.vertexId)
    .some((edge) => (load.get(edge.fromVertexId)?.parallelism ?? 1) >= 2);
}

/** TaskManagers that run the saturated subtasks. */
function hostsOf(bottleneck: Bottleneck, { load, taskManagers }: CauseInputs): readonly TaskManagerLoad[] {
  const ids = new Set(
    (load.get(bottleneck.vertexId)?.subtasks ?? [])
      .filter(({ subtask }) => bottleneck.subtasks.includes(subtask))
      .map(({ taskManagerId }) => taskManagerId),
  );
  return taskManagers.filter((tm) => ids.has(tm.taskManagerId) && !tm.gone);
}

/** Up to the first share of its cores in use, a machine has one for whoever computes; from the second on it is full. */
const CORES_FREE = { from: 0.5, to: CPU_UTILISATION_MIN };

/**
 * F15: 1 − cores used / cores that the busy subtasks there could have used, which is one each but no more than the
 * machines have. CPU of other jobs in the same JVM only lowers it.
 *
 * While cores are free, only the full subtasks are held against them: eight operators beside them that are busy a third of
 * their time, mostly waiting, are no demand for cores, and the cores used are theirs as well, by their part of the busy
 * time (long-pipeline, 1.20.3: busy for 7 cores, .7–1.3 of 2 used, where the lookup used .1).
 */
function waitRatioOf(bottleneck: Bottleneck, inputs: CauseInputs): number | undefined {
  const hosts = hostsOf(bottleneck, inputs).filter((tm) => tm.cpuCoresUsed !== undefined && tm.busySum > 0);
  if (hosts.length === 0) return undefined;
  const cores = sum([...new Map(hosts.map((tm) => [tm.host, tm.cpuCores])).values()]);
  const busy = sum(hosts.map((tm) => tm.busySum));
  const used = sum(hosts.map((tm) => tm.cpuCoresUsed ?? 0));
  const own = Math.min(busy, ownBusyOf(bottleneck, inputs.load));
  const usableWhenFull = Math.min(busy, cores);
  const usableWhenFree = own > 0 ? (busy * Math.min(own, cores)) / own : usableWhenFull;
  const free = (CORES_FREE.to - used / cores) / (CORES_FREE.to - CORES_FREE.from);
  const usable = usableWhenFull + (usableWhenFree - usableWhenFull) * Math.min(1, Math.max(0, free));
  return 1 - Math.min(1, used / usable);
}

const ownBusyOf = ({ vertexId, subtasks }: Bottleneck, load: LoadSignal): number =>
  sum(
    (load.get(vertexId)?.subtasks ?? []).flatMap(({ subtask, busyRatio }) =>
      subtasks.includes(subtask) ? [busyRatio ?? 0] : [],
    ),
  );

/** CPU used by all TaskManagers of the machine over its cores: several may share one host. */
export function utilisationOf(taskManager: TaskManagerLoad, all: readonly TaskManagerLoad[]): number {
  const neighbours = all.filter((tm) => tm.host === taskManager.host && !tm.gone);
  const cores = max(neighbours.map((tm) => tm.cpuCores)) ?? taskManager.cpuCores;
  return cores <= 0 ? 0 : sum(neighbours.map((tm) => tm.cpuCoresUsed ?? 0)) / cores;
}
