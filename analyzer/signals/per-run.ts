import type { Checkpoint } from '../../collector/model/index.js';

/**
 * What is derived from a run of ended checkpoints, derived once: it is the same in every beat until one more has ended, and a
 * slope through hundreds of points looks at thousands of pairs. A run is known by its newest checkpoint, its oldest and its length.
 */
export function oncePerRun<T>(derive: (run: readonly Checkpoint[]) => T): (run: readonly Checkpoint[]) => T {
  const kept = new WeakMap<Checkpoint, Map<string, T>>();
  return (run) => {
    const [oldest, newest] = [run[0], run.at(-1)];
    if (oldest === undefined || newest === undefined) return derive(run);
    const known = kept.get(newest) ?? new Map<string, T>();
    kept.set(newest, known);
    const key = `${oldest.id}|${run.length}`;
    if (!known.has(key)) known.set(key, derive(run));
    return known.get(key) as T; // Set in the line above.
  };
}
