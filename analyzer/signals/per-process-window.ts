import type { TaskManagerHistory, TaskManagerSample } from '../../collector/model/index.js';

type Samples = readonly TaskManagerSample[];

/**
 * What is derived from the newest readings of a TaskManager, derived once for all jobs that share it: the collector lays
 * the readings out anew in every beat, and all its jobs look at the same ones.
 */
export function oncePerWindow<T, M extends Pick<TaskManagerHistory, 'samples'> = Pick<TaskManagerHistory, 'samples'>>(
  derive: (within: Samples, taskManager: M) => T,
): (taskManager: M, fromMs: number) => T {
  const kept = new WeakMap<M, Map<number, T>>();
  return (taskManager, fromMs) => {
    const { samples } = taskManager;
    const first = firstFrom(samples, fromMs);
    const windows = kept.get(taskManager) ?? new Map<number, T>();
    kept.set(taskManager, windows);
    const known = windows.get(first);
    if (known !== undefined || windows.has(first)) return known as T; // It is there.
    const value = derive(samples.slice(first), taskManager);
    windows.set(first, value);
    return value;
  };
}

/** Place of the first reading from then on; readings are oldest first. */
function firstFrom(samples: Samples, fromMs: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((samples[middle]?.atMs ?? Infinity) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
