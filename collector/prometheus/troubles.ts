import type { ReadFailure } from '../model/index.js';
import { backOffMs } from '../plan/back-off.js';

interface Trouble {
  readonly failures: number;
  readonly notBeforeMs: number;
  readonly last: ReadFailure;
}

/** Targets that failed: each is left alone for longer and longer, so that one that hangs does not hold up every round. */
export class Troubles {
  readonly #intervalMs: number;
  readonly #random: () => number;
  readonly #known = new Map<string, Trouble>();

  /** `random` is 0..1, for the jitter. */
  constructor(intervalMs: number, random: () => number) {
    this.#intervalMs = intervalMs;
    this.#random = random;
  }

  /** Why `target` is not asked now; undefined when it is to be asked. */
  reasonToWait(target: string, nowMs: number): ReadFailure | undefined {
    const trouble = this.#known.get(target);
    return trouble !== undefined && nowMs < trouble.notBeforeMs ? trouble.last : undefined;
  }

  /** How it went; undefined: well. */
  note(target: string, problem: ReadFailure | undefined, nowMs: number): void {
    if (problem === undefined) {
      this.#known.delete(target);
      return;
    }
    const failures = (this.#known.get(target)?.failures ?? 0) + 1;
    // Half a beat less: the round in which it is due must not miss it by the time that a round takes.
    const waitMs = backOffMs(failures, this.#intervalMs, this.#random()) - this.#intervalMs / 2;
    this.#known.set(target, { failures, notBeforeMs: nowMs + waitMs, last: problem });
  }

  /** Forgets all others. */
  keepOnly(targets: readonly string[]): void {
    for (const target of this.#known.keys()) if (!targets.includes(target)) this.#known.delete(target);
  }
}
