/**
 * Flink's key groups: which subtask owns which keys. Formulas of `KeyGroupRangeAssignment`
 * (checked against vectors made by Flink's own class, `fixtures/key-group-ranges.json, key-group-murmur.json`).
 */

/** Flink's limits for max parallelism: `KeyGroupRangeAssignment.DEFAULT_LOWER_BOUND_MAX_PARALLELISM` and the upper bound. */
export const MAX_PARALLELISM_LOWEST = 128;
export const MAX_PARALLELISM_HIGHEST = 32_768;

/** Flink's max parallelism when none is set: next power of two of 1.5 p, within 128 and 32768. */
export function defaultMaxParallelism(parallelism: number): number {
  const wanted = parallelism + Math.floor(parallelism / 2);
  const power = 2 ** Math.ceil(Math.log2(Math.max(1, wanted)));
  return Math.min(Math.max(power, MAX_PARALLELISM_LOWEST), MAX_PARALLELISM_HIGHEST);
}

/** First and last key group (inclusive) of a subtask. */
export function keyGroupRange(subtask: number, parallelism: number, maxParallelism: number): readonly [number, number] {
  const first = Math.floor((subtask * maxParallelism + parallelism - 1) / parallelism);
  const last = Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism);
  return [first, last];
}

/** Key groups that a subtask owns. */
export function keyGroupsOf(subtask: number, parallelism: number, maxParallelism: number): number {
  const [first, last] = keyGroupRange(subtask, parallelism, maxParallelism);
  return last - first + 1;
}

/** The busiest subtask's key groups over the average: the imbalance that no data can avoid. 1 = even. */
export function structuralImbalance(parallelism: number, maxParallelism: number): number {
  return (Math.ceil(maxParallelism / parallelism) * parallelism) / maxParallelism;
}

/** The key group of a key by Java's `hashCode` of it. */
export function keyGroupOf(hash: number, maxParallelism: number): number {
  return murmurHash(hash) % maxParallelism;
}

/** The subtask that gets a key group. */
export function subtaskOfKeyGroup(keyGroup: number, parallelism: number, maxParallelism: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}

/** `MathUtils.murmurHash(int)` of Flink: 32-bit murmur3 of one block, made non-negative the same way. */
export function murmurHash(code: number): number {
  let hash = Math.imul(code | 0, 0xcc9e2d51);
  hash = rotateLeft(hash, 15);
  hash = Math.imul(hash, 0x1b873593);
  hash = rotateLeft(hash, 13);
  hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  hash ^= 4;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  if (hash >= 0) return hash;
  return hash === -2_147_483_648 ? 0 : -hash;
}

function rotateLeft(value: number, distance: number): number {
  return (value << distance) | (value >>> (32 - distance));
}
