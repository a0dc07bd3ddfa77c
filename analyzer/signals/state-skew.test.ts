import { describe, expect, it } from 'vitest';
import { historyOf } from '../testing/job-builder.js';
import { HEALTHY } from '../testing/scenarios.js';
import { stateSkewsOf, type StateSkew } from './state-skew.js';

const LIMITS = { factor: 3, bytes: 1000 };
const skews = (rows: readonly (readonly number[])[]): readonly StateSkew[] => {
  const checkpoints = rows.map((row) => ({
    phases: { agg: row.map((bytes) => ({ sync: 5, async: bytes / 100, bytes })) },
  }));
  return stateSkewsOf(historyOf({ ...HEALTHY, checkpoints }).checkpoints, LIMITS);
};

describe('stateSkewsOf', () => {
  it('says medians of the subtask that stands out each time', () => {
    expect(
      skews([
        [100, 1000],
        [100, 2000],
        [200, 3000],
      ]),
    ).toEqual([
      {
        vertexId: 'agg',
        subtask: 1,
        bytes: 2000,
        othersBytes: 100,
        snapshotMs: 25,
        othersSnapshotMs: 6,
        windowMs: 40_000,
      },
    ]);
  });

  it('wants three, and the same subtask', () => {
    expect(
      skews([
        [100, 1000],
        [100, 1000],
      ]),
    ).toEqual([]);
    expect(
      skews([
        [100, 1000],
        [100, 1000],
        [1000, 100],
      ]),
    ).toEqual([]);
    expect(
      skews([
        [100, 1000],
        [1000, 100],
        [100, 1000],
        [100, 1000],
      ]),
    ).toHaveLength(1);
  });

  it('holds both limits', () => {
    expect(skews(Array(3).fill([334, 1000]))).toEqual([]);
    expect(skews(Array(3).fill([100, 999]))).toEqual([]);
  });

  it('knows nothing without sizes', () => {
    expect(stateSkewsOf(historyOf({ ...HEALTHY, checkpoints: [{ durationMs: 5 }] }).checkpoints, LIMITS)).toEqual([]);
  });
});
