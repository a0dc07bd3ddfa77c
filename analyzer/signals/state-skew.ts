import type { Checkpoint, CheckpointSubtask } from '../../collector/model/index.js';
import { median, present } from '../numbers.js';

/** One subtask of a vertex whose state is a multiple of that of its siblings, checkpoint after checkpoint. */
export interface StateSkew {
  readonly vertexId: string;
  readonly subtask: number;
  /** Medians over the checkpoints. */
  readonly bytes: number;
  readonly othersBytes: number;
  /** Its synchronous and asynchronous part, and those of its siblings. */
  readonly snapshotMs: number;
  readonly othersSnapshotMs: number;
  readonly windowMs: number;
}

export interface StateSkewLimits {
  readonly factor: number;
  readonly bytes: number;
}

/** The same subtask in so many of the checkpoints looked at: one alone may hold what was in flight. */
export const SAME_MIN = 3;

/** From the sizes per subtask of completed checkpoints; those without are left out by the caller. */
export function stateSkewsOf(checkpoints: readonly Checkpoint[], limits: StateSkewLimits): readonly StateSkew[] {
  const vertexIds = new Set(checkpoints.flatMap((checkpoint) => [...heaviestByVertex(checkpoint).keys()]));
  return present([...vertexIds].map((vertexId) => skewOfVertex(vertexId, checkpoints, limits)));
}

function skewOfVertex(
  vertexId: string,
  checkpoints: readonly Checkpoint[],
  limits: StateSkewLimits,
): StateSkew | undefined {
  const heavy = present(checkpoints.map((checkpoint) => heaviestOf(vertexId, checkpoint, limits)));
  const last = heavy.at(-1);
  const same = heavy.filter(({ subtask }) => subtask === last?.subtask);
  const first = same[0];
  if (last === undefined || first === undefined || same.length < SAME_MIN) return undefined;
  const middle = (of: (one: Heaviest) => number): number => median(same.map(of)) ?? 0;
  return {
    vertexId,
    subtask: last.subtask,
    bytes: middle(({ bytes }) => bytes),
    othersBytes: middle(({ othersBytes }) => othersBytes),
    snapshotMs: middle(({ snapshotMs }) => snapshotMs),
    othersSnapshotMs: middle(({ othersSnapshotMs }) => othersSnapshotMs),
    windowMs: Math.max(1, last.triggerMs - first.triggerMs),
  };
}

interface Heaviest extends Omit<StateSkew, 'vertexId' | 'windowMs'> {
  readonly triggerMs: number;
}

function heaviestOf(
  vertexId: string,
  checkpoint: Checkpoint,
  { factor, bytes: least }: StateSkewLimits,
): Heaviest | undefined {
  const heaviest = heaviestByVertex(checkpoint).get(vertexId);
  if (heaviest === undefined || heaviest.bytes < least || heaviest.bytes < factor * heaviest.othersBytes)
    return undefined;
  return heaviest;
}

/** Its sizes stay as they are, and every beat looks at the last checkpoints. */
const known = new WeakMap<Checkpoint, ReadonlyMap<string, Heaviest>>();

function heaviestByVertex(checkpoint: Checkpoint): ReadonlyMap<string, Heaviest> {
  const before = known.get(checkpoint);
  if (before !== undefined) return before;
  const byVertex = new Map<string, CheckpointSubtask[]>();
  for (const detail of checkpoint.details ?? []) {
    const ofVertex = byVertex.get(detail.vertexId);
    if (ofVertex === undefined) byVertex.set(detail.vertexId, [detail]);
    else ofVertex.push(detail);
  }
  const heaviest = new Map(
    [...byVertex].flatMap(([vertexId, details]) => {
      const one = heaviestAmong(details, checkpoint.triggerMs);
      return one === undefined ? [] : [[vertexId, one] as const];
    }),
  );
  known.set(checkpoint, heaviest);
  return heaviest;
}

function heaviestAmong(details: readonly CheckpointSubtask[], triggerMs: number): Heaviest | undefined {
  const told = details.filter(({ stateSizeBytes }) => stateSizeBytes !== undefined);
  const [heaviest, ...others] = [...told].sort((a, b) => bytesOf(b) - bytesOf(a));
  const othersBytes = median(others.map(bytesOf));
  if (heaviest === undefined || othersBytes === undefined) return undefined;
  return {
    subtask: heaviest.subtask,
    bytes: bytesOf(heaviest),
    othersBytes,
    snapshotMs: snapshotMs(heaviest),
    othersSnapshotMs: median(others.map(snapshotMs)) ?? 0,
    triggerMs,
  };
}

/** The whole state, and not what an incremental checkpoint wrote of it. */
const bytesOf = ({ stateSizeBytes = 0 }: CheckpointSubtask): number => stateSizeBytes;
const snapshotMs = ({ syncMs = 0, asyncMs = 0 }: CheckpointSubtask): number => syncMs + asyncMs;
