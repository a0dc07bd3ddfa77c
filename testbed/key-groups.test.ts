import { describe, expect, it } from 'vitest';
import { defaultMaxParallelism, groupsPerSubtask, keyGroupOfHash, subtaskOfHash } from './key-groups.js';

/** [hash, key group of 128, max parallelism, key group], printed by Flink's own classes (1.13.6 to 2.3.0 agree). */
const FROM_FLINK = [
  [0, 94, 9631, 5321],
  [1, 86, 19772, 482],
  [-1, 80, 9363, 4384],
  [2, 127, 19962, 8675],
  [99162322, 35, 24475, 17829],
  [2147483647, 62, 32051, 18189],
  [-2147483648, 108, 30969, 14736],
  [-7219710, 93, 6355, 1924],
  [774890893, 7, 32213, 27669],
  [-439930465, 78, 16411, 1727],
  [75668297, 94, 1371, 417],
] as const;

describe('key groups', () => {
  it.each(FROM_FLINK)('puts hash %i where Flink puts it', (hash, groupOf128, maxParallelism, group) => {
    expect(keyGroupOfHash(hash, 128)).toBe(groupOf128);
    expect(keyGroupOfHash(hash, maxParallelism)).toBe(group);
  });

  it('sends the most frequent key of the hot-key scenario to the subtask that a real cluster showed', () => {
    expect(subtaskOfHash(0, 128, 4)).toBe(2);
  });

  it('deals eight groups to six subtasks as Flink does', () => {
    expect(groupsPerSubtask(8, 6)).toEqual([2, 1, 1, 2, 1, 1]);
  });

  it.each([
    [1, 128],
    [85, 128],
    [86, 256],
    [10924, 32768],
  ])('knows the default for parallelism %i', (parallelism, expected) => {
    expect(defaultMaxParallelism(parallelism)).toBe(expected);
  });
});
