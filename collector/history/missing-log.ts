import type { MissingReading, Reading } from '../model/index.js';

/** Endpoints that cannot be read at present, with the time since when. */
export class MissingLog {
  readonly #missing = new Map<string, MissingReading>();

  /** Notes how a reading went and hands it on. */
  note<T>(endpoint: string, reading: Reading<T>): Reading<T> {
    if (reading.ok) this.#missing.delete(endpoint);
    else {
      const sinceMs = this.#missing.get(endpoint)?.sinceMs ?? reading.atMs;
      this.#missing.set(endpoint, { endpoint, failure: reading.failure, sinceMs });
    }
    return reading;
  }

  all(): readonly MissingReading[] {
    return [...this.#missing.values()];
  }
}
