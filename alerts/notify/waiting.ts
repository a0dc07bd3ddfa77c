import type { Route } from './settings.js';
import type { Sighting } from './sighting.js';

/** A cause that a route is still to be told of. */
export interface Wait {
  readonly route: Route;
  readonly sighting: Sighting;
  readonly owner: string | undefined;
  readonly sinceMs: number;
}

/** What gathers before a message: more causes of the same trouble, or the end of quiet hours. By key of entry. */
export class Waiting {
  readonly #waits = new Map<string, Wait>();

  get size(): number {
    return this.#waits.size;
  }

  add(key: string, wait: Wait): void {
    const before = this.#waits.get(key);
    this.#waits.set(key, before === undefined ? wait : { ...wait, sinceMs: before.sinceMs });
  }

  delete(key: string): void {
    this.#waits.delete(key);
  }

  /** Of this cluster only those stay whose key is among these. */
  keepOf(cluster: string, keys: ReadonlySet<string>): void {
    for (const [key, { sighting }] of this.#waits)
      if (sighting.cluster === cluster && !keys.has(key)) this.#waits.delete(key);
  }

  of(route: Route): readonly (readonly [key: string, wait: Wait])[] {
    return [...this.#waits].filter(([, wait]) => wait.route.name === route.name);
  }
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
