import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultMaxParallelism,
  keyGroupOf,
  keyGroupRange,
  keyGroupsOf,
  murmurHash,
  structuralImbalance,
  subtaskOfKeyGroup,
} from './key-groups.js';

interface RangeVectors {
  readonly defaultMaxParallelism: { readonly from: readonly (readonly [number, number | string])[] };
  readonly cases: readonly (RangeVector | { readonly error: unknown })[];
}
interface RangeVector {
  readonly maxParallelism: number;
  readonly parallelism: number;
  readonly minGroups: number;
  readonly maxGroups: number;
  readonly ranges: readonly (readonly [number, number, number])[];
  readonly subtaskOfKeyGroup: readonly (readonly [number, number])[];
}
interface MurmurVectors {
  readonly cases: readonly (readonly [number, number, number, number, number])[];
}
// The files are ours (fixtures/README.md): their shape is known.
const vectors = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
const ranges = vectors<RangeVectors>('key-group-ranges');
const murmur = vectors<MurmurVectors>('key-group-murmur');

describe('as Flink’s own KeyGroupRangeAssignment', () => {
  const legal = ranges.cases.filter((vector): vector is RangeVector => 'ranges' in vector);

  it('gives every subtask its key groups', () => {
    expect(legal.length).toBeGreaterThan(700);
    for (const { maxParallelism, parallelism, ...vector } of legal) {
      for (const [subtask, first, last] of vector.ranges) {
        expect(keyGroupRange(subtask, parallelism, maxParallelism)).toEqual([first, last]);
      }
      for (const [group, subtask] of vector.subtaskOfKeyGroup) {
        expect(subtaskOfKeyGroup(group, parallelism, maxParallelism)).toBe(subtask);
      }
      const counts = Array.from({ length: parallelism }, (_, i) => keyGroupsOf(i, parallelism, maxParallelism));
      expect([Math.min(...counts), Math.max(...counts)]).toEqual([vector.minGroups, vector.maxGroups]);
      expect(structuralImbalance(parallelism, maxParallelism)).toBeCloseTo(
        (vector.maxGroups * parallelism) / maxParallelism,
      );
    }
  });

  it('hashes and assigns keys', () => {
    for (const [hash, hashed, group128, maxParallelism, group] of murmur.cases) {
      expect([hash, murmurHash(hash), keyGroupOf(hash, 128), keyGroupOf(hash, maxParallelism)]).toEqual([
        hash,
        hashed,
        group128,
        group,
      ]);
    }
  });

  it('sets the same max parallelism where none is set', () => {
    const steps = ranges.defaultMaxParallelism.from.filter(
      (step): step is readonly [number, number] => typeof step[1] === 'number',
    );
    expect(steps.length).toBeGreaterThan(5);
    for (const [from, value] of steps) {
      expect([from, defaultMaxParallelism(from)]).toEqual([from, value]);
      if (from > 1) expect(defaultMaxParallelism(from - 1)).toBeLessThan(value);
    }
  });
});

describe('any assignment', () => {
  const pair = fc
    .record({ maxParallelism: fc.integer({ min: 1, max: 4096 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(({ maxParallelism, share }) => ({
      maxParallelism,
      parallelism: Math.max(1, Math.round(share * maxParallelism)),
    }));

  it('covers every group once, in order', () => {
    fc.assert(
      fc.property(pair, ({ maxParallelism, parallelism }) => {
        let next = 0;
        for (let subtask = 0; subtask < parallelism; subtask += 1) {
          const [first, last] = keyGroupRange(subtask, parallelism, maxParallelism);
          expect(first).toBe(next);
          next = last + 1;
        }
        expect(next).toBe(maxParallelism);
      }),
    );
  });

  it('agrees on who owns a group', () => {
    fc.assert(
      fc.property(pair, fc.nat(), ({ maxParallelism, parallelism }, n) => {
        const group = n % maxParallelism;
        const [first, last] = keyGroupRange(
          subtaskOfKeyGroup(group, parallelism, maxParallelism),
          parallelism,
          maxParallelism,
        );
        expect(group >= first && group <= last).toBe(true);
      }),
    );
  });
});
