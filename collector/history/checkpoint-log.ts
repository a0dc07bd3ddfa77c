import {
  MAX_CHECKPOINTS_PER_JOB,
  MAX_DETAILED_CHECKPOINTS_PER_JOB,
  MAX_DETAILED_SUBTASKS_PER_JOB,
  MIN_DETAILED_CHECKPOINTS_PER_JOB,
} from '../limits.js';
import type { Checkpoint, CheckpointCounts, CheckpointStats, CheckpointSubtask } from '../model/index.js';

const isFinal = (checkpoint: Checkpoint): boolean => checkpoint.status !== 'IN_PROGRESS';

/** All checkpoints a job was seen with; Flink itself remembers 10. */
export class CheckpointLog {
  #counts: CheckpointCounts | undefined;
  /** By id, in the order they appeared. */
  readonly #known = new Map<number, Checkpoint>();
  /** Checkpoints whose phases need not be asked for again. */
  readonly #done = new Set<number>();
  /** All of them by time; undefined when one came, went or changed since. */
  #sorted: readonly Checkpoint[] | undefined;
  roundsSinceDetails = Number.MAX_SAFE_INTEGER;

  get counts(): CheckpointCounts | undefined {
    return this.#counts;
  }

  isDone(id: number): boolean {
    return this.#done.has(id);
  }

  get(id: number): Checkpoint | undefined {
    return this.#known.get(id);
  }

  /** Adds a reading; the checkpoints that have ended since the one before, oldest first. */
  add(stats: CheckpointStats): readonly Checkpoint[] {
    this.#counts = stats.counts;
    if (this.roundsSinceDetails < Number.MAX_SAFE_INTEGER) this.roundsSinceDetails += 1;
    const ended: Checkpoint[] = [];
    for (const checkpoint of [...stats.history].reverse()) {
      const before = this.#known.get(checkpoint.id);
      if (before !== undefined && isFinal(before)) continue;
      this.#sorted = undefined;
      this.#known.set(
        checkpoint.id,
        before?.details === undefined ? checkpoint : { ...checkpoint, details: before.details },
      );
      if (isFinal(checkpoint)) ended.push(checkpoint);
    }
    this.#bound();
    return ended;
  }

  /** The checkpoint with its phases; undefined when it is not known any more. */
  addDetails(id: number, details: readonly CheckpointSubtask[]): Checkpoint | undefined {
    this.roundsSinceDetails = 0;
    const checkpoint = this.#known.get(id);
    if (checkpoint === undefined) return undefined;
    this.#sorted = undefined;
    const detailed = { ...checkpoint, details };
    this.#known.set(id, detailed);
    if (isFinal(checkpoint)) this.#done.add(id);
    this.#boundDetails();
    return detailed;
  }

  /** Flink has forgotten it: do not ask again. */
  giveUpDetails(id: number): void {
    this.roundsSinceDetails = 0;
    this.#done.add(id);
  }

  /** Oldest first. */
  all(): readonly Checkpoint[] {
    this.#sorted ??= [...this.#known.values()].sort((a, b) => a.triggerMs - b.triggerMs || a.id - b.id);
    return this.#sorted;
  }

  lastCompleted(): Checkpoint | undefined {
    return this.all().findLast((checkpoint) => checkpoint.status === 'COMPLETED');
  }

  #bound(): void {
    const surplus = this.#known.size - MAX_CHECKPOINTS_PER_JOB;
    for (const id of [...this.#known.keys()].slice(0, Math.max(0, surplus))) {
      this.#known.delete(id);
      this.#done.delete(id);
    }
  }

  #boundDetails(): void {
    const detailed = [...this.#known.values()].filter((checkpoint) => checkpoint.details !== undefined).reverse();
    const newest = detailed[0]?.details?.length ?? 0;
    const room = Math.floor(MAX_DETAILED_SUBTASKS_PER_JOB / Math.max(1, newest));
    const kept = Math.min(MAX_DETAILED_CHECKPOINTS_PER_JOB, Math.max(MIN_DETAILED_CHECKPOINTS_PER_JOB, room));
    for (const checkpoint of detailed.slice(kept)) {
      const { details: _dropped, ...plain } = checkpoint;
      this.#known.set(checkpoint.id, plain);
    }
  }
}
