import { describe, expect, it } from 'vitest';
import { BATCH, NOT_RUNNING, judged, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { rocksdbCacheMiss } from './rocksdb-cache-miss.js';

const rocks = (metrics: Readonly<Record<string, readonly number[]>>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { agg: { metrics, busy: 0.75 } } }),
  checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' },
  ...more,
});
const HEAP: Partial<JobSpec> = { checkpointing: { stateBackend: 'HashMapStateBackend' } };
const cache = (hits: number, misses: number, more: Partial<JobSpec> = {}): JobSpec =>
  rocks(
    { 'agg.rocksdb.block.cache.hit': [0, hits], 'agg.rocksdb.block.cache.miss': [0, misses] },
    { samples: 66, ...more },
  );

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when four of ten reads miss on a busy vertex', cache(12_000, 8000), 'warning agg'],
  ['is quiet from four of five hits on', cache(16_100, 3900), 'clear'],
  ['is quiet about few reads', cache(6000, 4000), 'clear'],
  ['is quiet while the cache is cold', cache(12_000, 8000, { samples: 50 }), 'clear'],
  ['is quiet on a vertex with time to spare', vary(cache(12_000, 8000), { vertices: { agg: { busy: 0.6 } } }), 'clear'],
  ['is quiet about state on the heap', cache(12_000, 8000, HEAP), 'clear'],
  [
    'is skipped, naming the options, where RocksDB tells nothing',
    rocks({}),
    'skipped: RocksDB tells it only with state.backend.rocksdb.metrics.block-cache-hit and state.backend.rocksdb.metrics.block-cache-miss: true',
  ],
  ['is skipped for a batch job', rocks({}, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', rocks({}, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('rocksdb-cache-miss', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, rocksdbCacheMiss);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [rocksdbCacheMiss])).toEqual([]);
  });
});
