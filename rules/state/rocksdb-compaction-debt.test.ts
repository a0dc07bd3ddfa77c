import { describe, expect, it } from 'vitest';
import { BATCH, NOT_RUNNING, judged, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { rocksdbCompactionDebt } from './rocksdb-compaction-debt.js';

const rocks = (metrics: Readonly<Record<string, readonly number[]>>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { agg: { metrics, busy: 0.75 } } }),
  checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' },
  ...more,
});
const HEAP: Partial<JobSpec> = { checkpointing: { stateBackend: 'HashMapStateBackend' } };
const PENDING = 'agg.counts.rocksdb.estimate-pending-compaction-bytes';
const GIB = 1024 ** 3;

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when much waits and does not fall', rocks({ [PENDING]: [16 * GIB, 17 * GIB, 18 * GIB] }), 'warning agg'],
  ['is quiet when it falls', rocks({ [PENDING]: [19 * GIB, 18 * GIB, 17 * GIB] }), 'clear'],
  ['is quiet just below', rocks({ [PENDING]: [16 * GIB, 15 * GIB, 18 * GIB] }), 'clear'],
  ['is quiet about two readings', rocks({ [PENDING]: [17 * GIB, 18 * GIB] }), 'clear'],
  ['is quiet about state on the heap', rocks({ [PENDING]: [18 * GIB, 18 * GIB, 18 * GIB] }, HEAP), 'clear'],
  [
    'is skipped, naming the option, where RocksDB tells nothing',
    rocks({}),
    'skipped: RocksDB tells it only with state.backend.rocksdb.metrics.estimate-pending-compaction-bytes: true',
  ],
  ['is skipped for a batch job', rocks({}, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', rocks({}, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('rocksdb-compaction-debt', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, rocksdbCompactionDebt);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [rocksdbCompactionDebt])).toEqual([]);
  });
});
