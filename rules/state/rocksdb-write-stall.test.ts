import { describe, expect, it } from 'vitest';
import { BATCH, NOT_RUNNING, judged, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { rocksdbWriteStall } from './rocksdb-write-stall.js';

const rocks = (metrics: Readonly<Record<string, readonly number[]>>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { agg: { metrics, busy: 0.75 } } }),
  checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' },
  ...more,
});
const HEAP: Partial<JobSpec> = { checkpointing: { stateBackend: 'HashMapStateBackend' } };
const STOPPED = 'agg.counts.rocksdb.is-write-stopped';
const DELAYED = 'agg.counts.rocksdb.actual-delayed-write-rate';
const STALLED = 'agg.rocksdb.stall.micros';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is critical when writes are stopped', rocks({ [STOPPED]: [0, 1] }), 'critical agg'],
  ['is a warning when they are delayed in two readings', rocks({ [DELAYED]: [0, 1e6, 1e6] }), 'warning agg'],
  ['is quiet about one such reading', rocks({ [DELAYED]: [0, 0, 1e6] }), 'clear'],
  // Two subtasks, a minute: 1.2 s of stalled writes are 10 ms a second and subtask.
  ['is a warning from ten stalled milliseconds a second', rocks({ [STALLED]: [0, 1_200_000] }), 'warning agg'],
  ['is quiet just below', rocks({ [STALLED]: [0, 1_100_000] }), 'clear'],
  ['is quiet about a ticker that began anew', rocks({ [STALLED]: [9_000_000, 0] }), 'clear'],
  ['is quiet when nothing is held back', rocks({ [STOPPED]: [0, 0], [DELAYED]: [0, 0] }), 'clear'],
  ['is quiet about state on the heap', rocks({ [STOPPED]: [1, 1] }, HEAP), 'clear'],
  [
    'decides with names that a reporter wrote with _',
    rocks({ 'agg.counts.rocksdb_is-write-stopped': [1] }),
    'critical agg',
  ],
  [
    'is skipped, naming the option, where RocksDB tells nothing',
    rocks({}),
    'skipped: RocksDB tells it only with state.backend.rocksdb.metrics.is-write-stopped or state.backend.rocksdb.metrics.actual-delayed-write-rate: true',
  ],
  ['is skipped for a batch job', rocks({ [STOPPED]: [1] }, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', rocks({}, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('rocksdb-write-stall', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, rocksdbWriteStall);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [rocksdbWriteStall])).toEqual([]);
  });

  it('adds threads, and not twice', () => {
    const [first] = judged(rocks({ [STOPPED]: [1] }), rocksdbWriteStall).advice;
    expect(first?.changes.map(({ key, to }) => [key, to])).toEqual([['state.backend.rocksdb.thread.num', 4]]);
    const set = { configuration: { 'state.backend.rocksdb.thread.num': '4' } };
    expect(judged(rocks({ [STOPPED]: [1] }, set), rocksdbWriteStall).advice).toEqual([]);
  });
});
