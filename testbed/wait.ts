import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** What is waited for, as it should read in "… did not happen". */
  what: string;
  timeoutMs: number;
  everyMs?: number;
  /** Throws when waiting has become pointless, for example because the process died. */
  stillPossible?: () => void | Promise<void>;
}

/** Polls until `probe` returns something, and gives that back. A throwing probe counts as "not yet". */
export async function waitFor<T>(probe: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const { what, timeoutMs, everyMs = 250, stillPossible } = options;
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    await stillPossible?.();
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() >= deadline) {
      throw new Error(`waited ${Math.round(timeoutMs / 1000)} s in vain: ${what}`, { cause: lastError });
    }
    await delay(everyMs);
  }
}
