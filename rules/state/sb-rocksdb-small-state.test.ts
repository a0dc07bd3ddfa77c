import { describe, expect, it } from 'vitest';
import { aDayOld, BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { MIB, type JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sbRocksdbSmallState } from './sb-rocksdb-small-state.js';

const small = (mib: number, stateBackend = 'EmbeddedRocksDBStateBackend', more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.CPU_BOUND,
  checkpointing: { stateBackend },
  checkpoints: Array.from({ length: 5 }, () => ({ durationMs: 1000, stateBytes: mib * MIB })),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 20 MiB before a bottleneck', aDayOld(small(20)), 'info agg'],
  ['is quiet above 100 MiB', aDayOld(small(101)), 'clear'],
  ['is quiet on the heap', aDayOld(small(20, 'HashMapStateBackend')), 'clear'],
  ['is quiet in the first day', small(20), 'clear'],
  ['is quiet when nothing is held back', aDayOld({ ...small(20), vertices: job.HEALTHY.vertices }), 'clear'],
  ['is skipped for a batch job', small(20, 'rocksdb', { batch: true }), BATCH],
  ['is skipped while tasks are deployed', small(20, 'rocksdb', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('sb-rocksdb-small-state', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sbRocksdbSmallState);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sbRocksdbSmallState])).toEqual([]);
  });
});
