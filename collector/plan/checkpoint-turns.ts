import type { Checkpoint } from '../model/index.js';

/** A completed checkpoint that took this long is worth its phases. */
const SLOW_CHECKPOINT_MS = 1_000;
/** Without a slow one the newest is read every so many rounds, to know what normal looks like. */
const ROUNDS_BETWEEN_FAST_ONES = 6;
/** A checkpoint in progress for this long is looked into: which subtasks have not acknowledged? */
const LONG_IN_PROGRESS_MS = 30_000;
const ROUNDS_BETWEEN_LOOKS = 3;
/** Each costs one request per vertex. */
const MAX_PER_ROUND = 2;
/**
 * Phases are 330 bytes a subtask (REST-TRUTH §7): those of a checkpoint of more subtasks than this are read in turns, and those of a fast
 * one not at all while nothing happens to the job: a fleet of a thousand such jobs would be a million subtasks in each look.
 */
export const WIDE_SUBTASKS = 256;
const ROUNDS_BETWEEN_WIDE_ONES = 4;
/** The same while they take so small a share of their interval that nothing waits for the verdict. */
const ROUNDS_BETWEEN_CALM_WIDE_ONES = 8;
const CALM_SHARE = 0.2;

export interface CheckpointTurnState {
  /** Whether the phases of a checkpoint are known in its final state, or asking for them failed. */
  isDone(id: number): boolean;
  readonly roundsSinceLast: number;
  /** Nothing happens to any vertex of the job, and event time moves. */
  readonly isCalm: boolean;
  /** Undefined where the job's checkpoint configuration is not known. */
  readonly intervalMs?: number | undefined;
}

/** Ids of the checkpoints whose phases to read now; `history` is newest first. */
export function checkpointTurns(
  history: readonly Checkpoint[],
  state: CheckpointTurnState,
  nowMs: number,
): readonly number[] {
  const isWanted = (checkpoint: Checkpoint): boolean => {
    if (state.isDone(checkpoint.id)) return false;
    if (checkpoint.status === 'FAILED') return checkpoint.acknowledgedSubtasks < checkpoint.subtasks;
    if (checkpoint.status === 'COMPLETED') return checkpoint.durationMs >= SLOW_CHECKPOINT_MS;
    return nowMs - checkpoint.triggerMs >= LONG_IN_PROGRESS_MS && state.roundsSinceLast >= ROUNDS_BETWEEN_LOOKS;
  };
  const wanted = history.filter(isWanted);
  const isWide = wanted.some((checkpoint) => checkpoint.subtasks > WIDE_SUBTASKS);
  if (isWide && state.roundsSinceLast < roundsBetweenWide(wanted, state)) return [];
  if (wanted.length > 0) return wanted.slice(0, isWide ? 1 : MAX_PER_ROUND).map((checkpoint) => checkpoint.id);
  if (state.roundsSinceLast < ROUNDS_BETWEEN_FAST_ONES) return [];
  const newest = history.find((checkpoint) => checkpoint.status === 'COMPLETED');
  if (newest === undefined || state.isDone(newest.id)) return [];
  return state.isCalm && newest.subtasks > WIDE_SUBTASKS ? [] : [newest.id];
}

function roundsBetweenWide(wanted: readonly Checkpoint[], { intervalMs }: CheckpointTurnState): number {
  const isCalm = ({ status, durationMs }: Checkpoint): boolean =>
    status === 'COMPLETED' && intervalMs !== undefined && durationMs < CALM_SHARE * intervalMs;
  return wanted.every(isCalm) ? ROUNDS_BETWEEN_CALM_WIDE_ONES : ROUNDS_BETWEEN_WIDE_ONES;
}
