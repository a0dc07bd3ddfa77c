import type { ToldFinding } from './entries.js';
import { ABSENT_MS } from './settings.js';
import type { ClusterView, Sighting } from './sighting.js';

/** An end that is still to be told: it waits as a beginning does, so that ends come together too. */
export interface Ending {
  /** Since when it is known. */
  readonly sinceMs: number;
  readonly resolvedMs: number;
}

/** Whether what was told still stands. While Weir is not sure of it, it does. By key of entry. */
export class Endings {
  readonly #endings = new Map<string, Ending>();
  readonly #absentSinceMs = new Map<string, number>();
  readonly #seen = new Map<string, Sighting>();

  /** What a round of its cluster says of one told cause: `sighting` is how it was seen, if it was. */
  follow(key: string, { item }: ToldFinding, sighting: Sighting | undefined, view: ClusterView, nowMs: number): void {
    if (sighting !== undefined) {
      this.forget(key);
      this.#seen.set(key, sighting);
      return;
    }
    if (this.#endings.has(key)) return;
    const sinceMs = this.#absentSinceMs.get(key) ?? nowMs;
    this.#absentSinceMs.set(key, sinceMs);
    const resolvedMs = view.state === 'gone' ? nowMs : view.resolved.get(item.findingId);
    if (resolvedMs !== undefined) this.#endings.set(key, { sinceMs: nowMs, resolvedMs });
    else if (nowMs - sinceMs >= ABSENT_MS) this.#endings.set(key, { sinceMs: nowMs, resolvedMs: sinceMs });
  }

  get(key: string): Ending | undefined {
    return this.#endings.get(key);
  }

  /** How it is now, where it is to be reminded of: it was there in the last round, and would be told if it were new. */
  standing(key: string): Sighting | undefined {
    const sighting = this.#absentSinceMs.has(key) ? undefined : this.#seen.get(key);
    return sighting?.isToTell === true ? sighting : undefined;
  }

  forget(key: string): void {
    this.#endings.delete(key);
    this.#absentSinceMs.delete(key);
    this.#seen.delete(key);
  }
}
