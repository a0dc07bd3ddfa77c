import { MAX_HOT_RECORDS } from '../limits.js';
import { JOB_STATES, type JobDetail, type StateChange } from '../model/index.js';
import { pushBounded } from './bounded.js';

/**
 * The states a job went through. Flink's own times are used, so a state that came and went between two rounds is
 * there too, unless it came twice.
 */
export class StateLog {
  readonly #changes: StateChange[] = [];
  #newestMs = Number.NEGATIVE_INFINITY;

  /** What is new in this reading, oldest first. */
  add(detail: JobDetail): readonly StateChange[] {
    const added = JOB_STATES.flatMap((state): readonly StateChange[] => {
      const atMs = detail.stateSinceMs[state];
      return atMs !== undefined && atMs > this.#newestMs ? [{ atMs, state }] : [];
    }).sort((a, b) => a.atMs - b.atMs);
    for (const change of added) {
      pushBounded(this.#changes, change, MAX_HOT_RECORDS);
      this.#newestMs = change.atMs;
    }
    return added;
  }

  /** Oldest first. */
  all(): readonly StateChange[] {
    return this.#changes;
  }
}
