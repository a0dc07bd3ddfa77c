import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { vary } from '../testing/claims.js';
import { only } from '../testing/must.js';
import * as job from '../testing/scenarios.js';
import { keyGroupOf, keyGroupsOf, structuralImbalance, subtaskOfKeyGroup } from '../tuning/key-groups.js';
import { classify, skewOf, type SkewKind, type VertexSkew } from './skew.js';
import { signalsOf } from './signals.js';

describe('classify', () => {
  const table: readonly (readonly [string, readonly number[], number, SkewKind, readonly number[]])[] = [
    ['even records', [1000, 1010, 990, 1000], 128, 'even', []],
    ['one hot key (L05)', [431, 185, 1997, 741], 128, 'hot-key', [2]],
    ['one hot key with even others (Z04)', [177, 171, 852, 178], 128, 'hot-key', [2]],
    ['two heavy subtasks are no single key', [400, 1900, 2000, 400], 128, 'data-hash', [2, 1]],
    ['a spread without an outlier', [1000, 900, 300, 100], 128, 'data-hash', [0, 1]],
    ['a spread of a third of the mean', [1000, 900, 500, 400], 128, 'data-hash', [0, 1]],
    ['a key of 1.3 % among a hundred subtasks', hundred(133), 12_800, 'hot-key', [0]],
    ['a key of .8 % among a hundred subtasks is none', hundred(81), 12_800, 'even', []],
    ['an empty subtask at 1300 records each', [1500, 0, 1900, 1800], 128, 'few-keys', [2, 3, 0]],
    ['fewer keys than subtasks (L07)', [60_900, 0, 126_000, 120_000], 128, 'few-keys', [2, 3]],
    ['an empty subtask where a hundred were due', [300, 0, 420, 400], 128, 'few-keys', [2, 3]],
    ['an empty subtask proves nothing at few records', [80, 0, 112, 107], 128, 'data-hash', [2, 3]],
    ['an empty subtask proves nothing where one key leaves few to the others', [100, 0, 2000, 90], 128, 'hot-key', [2]],
    ['all records on one subtask', [0, 0, 1200], 128, 'few-keys', [2]],
    ['four groups over three subtasks', [4000, 2000, 2000], 4, 'keygroup', [0]],
    ['records that do not follow the groups', [2600, 2700, 2700], 4, 'even', []],
    ['a mild spread is not worth a word', [1100, 900, 1000, 1000], 128, 'even', []],
  ];
  it.each(table)('%s', (_claim, records, maxParallelism, kind, subtasks) => {
    const skew = classify(records, maxParallelism);
    expect([skew.kind, skew.subtasks]).toEqual([kind, subtasks]);
  });

  it('estimates a single hot key exactly (F10)', () => {
    const shares = fc.record({
      parallelism: fc.integer({ min: 2, max: 32 }),
      share: fc.double({ min: 0.05, max: 0.9, noNaN: true }),
      hot: fc.nat(),
    });
    fc.assert(
      fc.property(shares, ({ parallelism, share, hot }) => {
        // The key has its share; the rest falls on subtasks in proportion to their key groups.
        const total = 1_000_000;
        const records = Array.from({ length: parallelism }, (_, subtask) => {
          const rest = (1 - share) * total * (keyGroupsOf(subtask, parallelism, 128) / 128);
          return rest + (subtask === hot % parallelism ? share * total : 0);
        });
        const skew = classify(records, 128);
        expect(skew.topShare).toBeCloseTo(Math.max(...records) / total, 9);
        if (records.indexOf(Math.max(...records)) === hot % parallelism) expect(skew.hotKeyShare).toBeCloseTo(share, 6);
      }),
    );
  });

  it('never takes uniform keys for skew, whatever the parallelism', () => {
    const keys = fc.record({
      parallelism: fc.integer({ min: 2, max: 64 }),
      seed: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(keys, ({ parallelism, seed }) => {
        const records = spread(parallelism, 20_000, seed);
        expect(['even', 'keygroup']).toContain(classify(records, 128).kind);
      }),
      { numRuns: 60 },
    );
  });

  it('always finds a key of a third of the records', () => {
    const keys = fc.record({
      parallelism: fc.integer({ min: 4, max: 16 }),
      seed: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(keys, ({ parallelism, seed }) => {
        const records = spread(parallelism, 20_000, seed);
        const hot = subtaskOf(seed, parallelism);
        records[hot] = (records[hot] ?? 0) + 10_000;
        expect(classify(records, 128)).toMatchObject({ kind: 'hot-key', subtasks: [hot] });
      }),
      { numRuns: 60 },
    );
  });

  it('tells the structural ratio as Flink deals out key groups', () => {
    for (const [parallelism, ratio] of [
      [10, 1.03],
      [30, 1.17],
      [60, 1.41],
      [96, 1.5],
      [100, 1.56],
      [127, 1.98],
    ] as const) {
      expect(structuralImbalance(parallelism, 128)).toBeCloseTo(ratio, 1);
    }
  });
});

describe('skewOf', () => {
  const skews = (spec: JobSpec): readonly VertexSkew[] => {
    const history = historyOf(spec);
    return skewOf(history, signalsOf(history, nowOf(history)).job.topology);
  };
  const unseen: readonly (readonly [string, JobSpec])[] = [
    ['behind REBALANCE', vary(job.HOT_KEY, { vertices: { agg: { inputs: { src: 'REBALANCE' } } } })],
    ['at parallelism 1', vary(job.HOT_KEY, { vertices: { agg: { parallelism: 1 } } })],
    ['below a thousand records', vary(job.HOT_KEY, { vertices: { agg: { in: [0.1, 0.1, 3, 0.1] } } })],
    ['below a hundred records a subtask', vary(job.HOT_KEY, { vertices: { agg: { parallelism: 16, in: 0.3 } } })],
  ];
  it.each(unseen)('says nothing %s', (_claim, spec) => {
    expect(skews(spec)).toEqual([]);
  });

  it('says something from a thousand records, and a hundred a subtask', () => {
    expect(skews(vary(job.HOT_KEY, { vertices: { agg: { in: [0.5, 0.5, 2.8, 0.5] } } }))).toHaveLength(1);
    expect(skews(vary(job.HOT_KEY, { vertices: { agg: { parallelism: 16, in: 0.45 } } }))).toHaveLength(1);
  });

  it('counts the records of up to ten minutes of the attempt', () => {
    expect(only(skews({ ...job.HOT_KEY, samples: 90 })).windowMs).toBe(600_000);
    expect(only(skews(job.HOT_KEY)).windowMs).toBe(280_000);
  });
});

/** Records per subtask of so many keys with one record each, dealt out by Flink's hash. */
function spread(parallelism: number, keys: number, seed: number): number[] {
  const records = Array.from({ length: parallelism }, () => 0);
  for (let key = 0; key < keys; key += 1) {
    const subtask = subtaskOf(seed + key, parallelism);
    records[subtask] = (records[subtask] ?? 0) + 1;
  }
  return records;
}

function subtaskOf(hash: number, parallelism: number): number {
  return subtaskOfKeyGroup(keyGroupOf(hash, 128), parallelism, 128);
}

/** A hundred and one subtasks with 100 records each, the first with some more. */
function hundred(more: number): number[] {
  return Array.from({ length: 101 }, (_, subtask) => (subtask === 0 ? 100 + more : 100));
}
