import type { Clock } from '../clock.js';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves on by `ms`, waking every sleeper that is due, in order, and lets what they started settle. */
  advance(ms: number): Promise<void>;
  readonly sleepers: number;
}

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Turns of the event loop given to what a woken sleeper started. */
const SETTLE_TURNS = 20;

export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  let sleepers: Sleeper[] = [];
  return {
    nowMs: () => nowMs,
    get sleepers() {
      return sleepers.length;
    },
    sleep(ms, signal) {
      if (ms <= 0 || signal?.aborted === true) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { dueMs: nowMs + ms, wake };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', wake);
      });
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (;;) {
        const next = sleepers.filter((one) => one.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined) break;
        nowMs = Math.max(nowMs, next.dueMs);
        next.wake();
        await settle();
      }
      nowMs = untilMs;
      await settle();
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
