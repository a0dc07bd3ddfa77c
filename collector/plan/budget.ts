import type { Clock } from '../clock.js';

/** A token bucket: `take` resolves when one more request is within the budget. */
export interface Budget {
  readonly perSecond: number;
  /** Requests let through so far. */
  readonly taken: number;
  take(signal?: AbortSignal): Promise<void>;
}

/** Requests that may go out at once after a pause. */
const BURST_SECONDS = 1;

export function createBudget(perSecond: number, clock: Clock): Budget {
  const stepMs = 1000 / perSecond;
  let taken = 0;
  /** When the next request may go; up to a burst in the past. */
  let nextMs = Number.NEGATIVE_INFINITY;
  const wait = async (signal: AbortSignal | undefined): Promise<void> => {
    const nowMs = clock.nowMs();
    const dueMs = Math.max(nextMs, nowMs - BURST_SECONDS * 1000 + stepMs);
    nextMs = dueMs + stepMs;
    if (dueMs > nowMs) await clock.sleep(dueMs - nowMs, signal);
  };
  /** Requests wait in line, so that only the first of them holds a timer. */
  let line: Promise<void> = Promise.resolve();
  return {
    perSecond,
    get taken() {
      return taken;
    },
    take(signal) {
      taken += 1;
      line = line.then(() => wait(signal));
      return line;
    },
  };
}

/** How long a round of so many requests takes at least, when that is longer than the beat; undefined when it fits. */
export function stretchedToMs(requests: number, perSecond: number, intervalMs: number): number | undefined {
  const neededMs = Math.ceil((requests / perSecond) * 1000);
  return neededMs > intervalMs ? neededMs : undefined;
}
