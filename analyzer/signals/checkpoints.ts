import type { Checkpoint, CheckpointConfig, CheckpointSubtask, JobHistory } from '../../collector/model/index.js';
import type { Topology } from '../graph/topology.js';
import { max } from '../numbers.js';
import type { JobFacts } from './job-facts.js';
import { defined } from './load.js';

/** Verdicts on checkpoints look at the last five that ended. */
export const RECENT_CHECKPOINTS = 5;
/** Checkpoints triggered before or just after the tasks ran tell of the start, not of the job. */
const SETTLE_MS = 10_000;

export type PhaseName = 'startDelay' | 'alignment' | 'sync' | 'async';

/** The longest stay in one phase, and the subtask that had it. */
export interface PhasePeak {
  readonly detail: CheckpointSubtask;
  readonly ms: number;
  /** Of the whole checkpoint. */
  readonly share: number;
}

/** Where the time of one completed checkpoint went. */
export interface CheckpointAnatomy {
  readonly id: number;
  readonly triggerMs: number;
  readonly durationMs: number;
  readonly stateSizeBytes: number;
  /** The subtask that acknowledged last: what the checkpoint waited for. */
  readonly critical: CheckpointSubtask;
  /** The start delay is taken where it begins: below that vertex everything inherits it (CALIBRATION fact 13). */
  readonly phases: Readonly<Partial<Record<PhaseName, PhasePeak>>>;
}

export interface CheckpointSignal {
  readonly config?: CheckpointConfig;
  /** Completed since the tasks run, with phases known; oldest first, at most {@link RECENT_CHECKPOINTS}. */
  readonly anatomies: readonly CheckpointAnatomy[];
  /** Ended since the tasks run (completed or failed), oldest first, at most ten. */
  readonly ended: readonly Checkpoint[];
  /** All completed since the tasks run that are kept, oldest first: for trends and rhythm. */
  readonly completed: readonly Checkpoint[];
  readonly lastCompleted?: Checkpoint;
}

export function checkpointsOf(history: JobHistory, facts: JobFacts): CheckpointSignal {
  const fromMs = (facts.allRunningSinceMs ?? Infinity) + SETTLE_MS;
  const settled = history.checkpoints.filter((checkpoint) => checkpoint.triggerMs >= fromMs && !checkpoint.isSavepoint);
  const ended = history.checkpoints.filter(
    (checkpoint) => !checkpoint.isSavepoint && (checkpoint.status === 'COMPLETED' || checkpoint.status === 'FAILED'),
  );
  const lastCompleted = ended.filter((checkpoint) => checkpoint.status === 'COMPLETED').at(-1);
  return {
    ...(history.checkpointConfig === undefined ? {} : { config: history.checkpointConfig }),
    anatomies: recentAnatomies(settled, facts.topology),
    ended: ended.slice(-10),
    completed: settled.filter((checkpoint) => checkpoint.status === 'COMPLETED'),
    ...(lastCompleted === undefined ? {} : { lastCompleted }),
  };
}

/** Of the newest that have one, oldest first. */
function recentAnatomies(settled: readonly Checkpoint[], topology: Topology): readonly CheckpointAnatomy[] {
  const found: CheckpointAnatomy[] = [];
  for (let i = settled.length - 1; i >= 0 && found.length < RECENT_CHECKPOINTS; i -= 1) {
    const checkpoint = settled[i];
    const anatomy = checkpoint === undefined ? undefined : knownAnatomyOf(checkpoint, topology);
    if (anatomy !== undefined) found.push(anatomy);
  }
  return found.reverse();
}

interface Known {
  readonly topology: Topology;
  readonly anatomy: CheckpointAnatomy | undefined;
}

/** A checkpoint that has ended is the same in every beat. */
const known = new WeakMap<Checkpoint, Known>();

function knownAnatomyOf(checkpoint: Checkpoint, topology: Topology): CheckpointAnatomy | undefined {
  const before = known.get(checkpoint);
  if (before?.topology === topology) return before.anatomy;
  const anatomy = anatomyOf(checkpoint, topology);
  known.set(checkpoint, { topology, anatomy });
  return anatomy;
}

export function anatomyOf(checkpoint: Checkpoint, topology: Topology): CheckpointAnatomy | undefined {
  const details = (checkpoint.details ?? []).filter((detail) => detail.acknowledged);
  if (checkpoint.status !== 'COMPLETED') return undefined;
  const critical = details.reduce<CheckpointSubtask | undefined>(
    (latest, detail) => (latest === undefined || (detail.ackMs ?? 0) > (latest.ackMs ?? 0) ? detail : latest),
    undefined,
  );
  if (critical === undefined) return undefined;
  const wholeMs = Math.max(checkpoint.durationMs, critical.endToEndMs ?? 0, 1);
  const peak = (
    among: readonly CheckpointSubtask[],
    of: (detail: CheckpointSubtask) => number | undefined,
  ): PhasePeak | undefined => {
    const longest = inOrder(among, topology).reduce<CheckpointSubtask | undefined>(
      (most, detail) => (most === undefined || (of(detail) ?? 0) > (of(most) ?? 0) ? detail : most),
      undefined,
    );
    const ms = longest === undefined ? undefined : of(longest);
    return longest === undefined || ms === undefined ? undefined : { detail: longest, ms, share: ms / wholeMs };
  };
  const delayed = delayBegins(details, topology);
  return {
    id: checkpoint.id,
    triggerMs: checkpoint.triggerMs,
    durationMs: checkpoint.durationMs,
    stateSizeBytes: checkpoint.stateSizeBytes,
    critical,
    phases: defined({
      startDelay: peak(
        details.filter((detail) => detail.vertexId === delayed),
        (detail) => detail.startDelayMs,
      ),
      alignment: peak(details, (detail) => detail.alignmentMs),
      sync: peak(details, (detail) => detail.syncMs),
      async: peak(details, (detail) => detail.asyncMs),
    }),
  };
}

/** Upstream first, so that of equal delays the one that others inherit from is named. */
function inOrder(details: readonly CheckpointSubtask[], topology: Topology): readonly CheckpointSubtask[] {
  return topology.order.flatMap((vertexId) => details.filter((detail) => detail.vertexId === vertexId));
}

/**
 * The vertex with the largest own delay: (start + alignment) of its slowest subtask minus the latest barrier exit
 * (start + alignment + sync) of its inputs.
 */
function delayBegins(details: readonly CheckpointSubtask[], topology: Topology): string | undefined {
  const worst = (vertexId: string, of: (detail: CheckpointSubtask) => number): number =>
    max(details.filter((detail) => detail.vertexId === vertexId).map(of)) ?? 0;
  const arrival = (detail: CheckpointSubtask): number => (detail.startDelayMs ?? 0) + (detail.alignmentMs ?? 0);
  const exit = (detail: CheckpointSubtask): number => arrival(detail) + (detail.syncMs ?? 0);
  const ownDelay = (vertexId: string): number => {
    const inherited = max(topology.inputsOf(vertexId).map((edge) => worst(edge.fromVertexId, exit))) ?? 0;
    return worst(vertexId, arrival) - inherited;
  };
  return topology.order.reduce<string | undefined>(
    (most, vertexId) => (most === undefined || ownDelay(vertexId) > ownDelay(most) ? vertexId : most),
    undefined,
  );
}
