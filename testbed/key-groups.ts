/**
 * Which subtask gets a key: Flink's KeyGroupRangeAssignment and MathUtils.murmurHash, checked in the test against
 * figures that Flink's own classes printed. Kept here, apart from the analyzer's, because a test bed that shares code
 * with what it tests proves less.
 */
export function subtaskOfHash(hash: number, maxParallelism: number, parallelism: number): number {
  return Math.floor((keyGroupOfHash(hash, maxParallelism) * parallelism) / maxParallelism);
}

export function keyGroupOfHash(hash: number, maxParallelism: number): number {
  return murmur(hash) % maxParallelism;
}

/** Key groups of each subtask. */
export function groupsPerSubtask(maxParallelism: number, parallelism: number): number[] {
  const groups = Array.from({ length: parallelism }, () => 0);
  for (let group = 0; group < maxParallelism; group++) {
    const subtask = Math.floor((group * parallelism) / maxParallelism);
    groups[subtask] = (groups[subtask] ?? 0) + 1;
  }
  return groups;
}

/** Flink's default: 1.5 times the parallelism, rounded up to a power of two, between 128 and 32768. */
export function defaultMaxParallelism(parallelism: number): number {
  const wanted = parallelism + Math.floor(parallelism / 2);
  return Math.min(Math.max(2 ** Math.ceil(Math.log2(wanted)), 128), 32768);
}

function murmur(hash: number): number {
  let code = Math.imul(hash, 0xcc9e2d51);
  code = rotateLeft(code, 15);
  code = Math.imul(code, 0x1b873593);
  code = rotateLeft(code, 13);
  code = (Math.imul(code, 5) + 0xe6546b64) | 0;
  code = mixBits(code ^ 4);
  if (code >= 0) return code;
  return code === -2147483648 ? 0 : -code;
}

function mixBits(bits: number): number {
  let code = bits ^ (bits >>> 16);
  code = Math.imul(code, 0x85ebca6b);
  code ^= code >>> 13;
  code = Math.imul(code, 0xc2b2ae35);
  return code ^ (code >>> 16);
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
