import { describe, expect, it } from 'vitest';
import { BATCH, NOT_RUNNING, judged, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { rocksdbFlushPressure } from './rocksdb-flush-pressure.js';

const rocks = (metrics: Readonly<Record<string, readonly number[]>>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { agg: { metrics, busy: 0.75 } } }),
  checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' },
  ...more,
});
const HEAP: Partial<JobSpec> = { checkpointing: { stateBackend: 'HashMapStateBackend' } };
const WAITING = 'agg.counts.rocksdb.num-immutable-mem-table';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when write buffers wait at every look', rocks({ [WAITING]: [1, 1, 2, 1] }), 'warning agg'],
  ['is quiet when once none waited', rocks({ [WAITING]: [1, 0, 2, 1] }), 'clear'],
  ['is quiet about three looks', rocks({ [WAITING]: [1, 2, 1] }), 'clear'],
  ['is quiet about state on the heap', rocks({ [WAITING]: [1, 1, 1, 1] }, HEAP), 'clear'],
  [
    'is skipped, naming the option, where RocksDB tells nothing',
    rocks({}),
    'skipped: RocksDB tells it only with state.backend.rocksdb.metrics.num-immutable-mem-table: true',
  ],
  ['is skipped for a batch job', rocks({}, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', rocks({}, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('rocksdb-flush-pressure', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, rocksdbFlushPressure);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [rocksdbFlushPressure])).toEqual([]);
  });
});
