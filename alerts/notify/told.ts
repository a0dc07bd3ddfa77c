import type { Entry } from './entries.js';
import type { Route } from './settings.js';

/** What routes were told and what of it has changed since it was last kept on disk. */
export class Told {
  readonly #entries: Map<string, Entry>;
  #changes = new Map<string, Entry | undefined>();
  #sequence = 0;

  constructor(entries: ReadonlyMap<string, Entry>) {
    this.#entries = new Map(entries);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  all(): readonly (readonly [key: string, entry: Entry])[] {
    return [...this.#entries];
  }

  set(key: string, entry: Entry | undefined): void {
    if (entry === undefined) this.#entries.delete(key);
    else this.#entries.set(key, entry);
    this.#changes.set(key, entry);
  }

  /** The notice that first told of it; none when it was not told yet. */
  firstNotice(key: string): readonly string[] {
    const entry = this.#entries.get(key);
    return entry === undefined ? [] : [entry.noticeId];
  }

  takeChanges(): ReadonlyMap<string, Entry | undefined> {
    const changes = this.#changes;
    this.#changes = new Map();
    return changes;
  }

  /** Unique over restarts: the time is part of it. */
  nextNoticeId(route: Route, nowMs: number): string {
    this.#sequence += 1;
    return `${route.name}-${nowMs.toString(36)}-${this.#sequence}`;
  }
}
