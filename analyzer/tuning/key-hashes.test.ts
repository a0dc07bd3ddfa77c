import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyGroupOf, subtaskOfKeyGroup } from './key-groups.js';
import { keyHash } from './key-hashes.js';
import type { KeyValue } from './key-values.js';

interface Vectors {
  readonly cases: readonly {
    readonly type: string;
    readonly key: KeyValue;
    readonly hash: number;
    readonly keyGroup128: number;
    readonly maxParallelism: number;
    readonly keyGroup: number;
    readonly parallelism: number;
    readonly subtask: number;
  }[];
}
// The file is ours (fixtures/README.md): its shape is known.
const vectors = JSON.parse(
  readFileSync(new URL('../fixtures/key-group-keys.json', import.meta.url), 'utf8'),
) as Vectors;

describe('as Flink’s own classes, the same in all versions', () => {
  it.each([...new Set(vectors.cases.map(({ type }) => type))])('keys of %s', (wanted) => {
    const cases = vectors.cases.filter(({ type }) => type === wanted);
    const wrong = cases.filter(({ type, key, maxParallelism, parallelism, ...expected }) => {
      const hash = keyHash(type, key);
      if (hash === undefined) return true;
      const keyGroup = keyGroupOf(hash, maxParallelism);
      return (
        hash !== expected.hash ||
        keyGroupOf(hash, 128) !== expected.keyGroup128 ||
        keyGroup !== expected.keyGroup ||
        subtaskOfKeyGroup(keyGroup, parallelism, maxParallelism) !== expected.subtask
      );
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(cases.length).toBeGreaterThan(1);
  });

  it('of 972 keys', () => {
    expect(vectors.cases.length).toBe(972);
  });
});

describe('keyHash', () => {
  it.each([
    ['Double', NaN, 0x7ff8_0000],
    ['Long', '-1', 0],
    ['Long', '-9223372036854775808', -2_147_483_648],
    ['List<String>', [], 1],
    ['Tuple2<Tuple1<Integer>,List<Long>>', [[7], ['8']], 31 * 7 + 31 + 8],
    [' Tuple2 < Integer , Integer >', [1, 2], 33],
  ] as const)('%s %j', (type, value, hash) => {
    expect(keyHash(type, value)).toBe(hash);
  });

  it.each([
    ['UUID', 'a'],
    ['Integer', 2 ** 31],
    ['Integer', 1.5],
    ['Integer', true],
    ['Byte', 128],
    ['Character', 'ab'],
    ['Boolean', 'true'],
    ['String', ['a']],
    ['List<String>', 'a'],
    ['List<Integer>', ['a']],
    ['Tuple2<String,Long>', ['a']],
    ['Tuple3<String,Long>', ['a', 1]],
    ['ROW<INT>', [2 ** 31]],
    ['ROW<DECIMAL>', ['1']],
    ['ROW<INT,INT>', [1]],
  ] as const)('has none for %s %j', (type, value) => {
    expect(keyHash(type, value)).toBeUndefined();
  });
});
