import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sqlMinibatchOff } from './sql-minibatch-off.js';

const sql = (agg: string, stateBackend = 'EmbeddedRocksDBStateBackend', more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.CPU_BOUND, { vertices: { agg: { name: agg } } }),
  checkpointing: { stateBackend },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on an aggregate that holds back', sql('GroupAggregate[5]'), 'info agg'],
  ['fires on a regular join', sql('Join[7] -> Calc[8]'), 'info agg'],
  ['is quiet about a lookup', sql('LookupJoin[7]'), 'clear'],
  ['is quiet where mini-batches are on', sql('MiniBatchAssigner[1] -> GroupAggregate[5]'), 'clear'],
  ['is quiet with state on the heap', sql('GroupAggregate[5]', 'HashMapStateBackend'), 'clear'],
  [
    'is quiet when nothing is held back',
    {
      ...vary(job.HEALTHY, { vertices: { agg: { name: 'GroupAggregate[5]' } } }),
      checkpointing: { stateBackend: 'rocksdb' },
    },
    'clear',
  ],
  ['is skipped for a batch job', sql('GroupAggregate[5]', 'rocksdb', { batch: true }), BATCH],
  ['is skipped while tasks are deployed', sql('GroupAggregate[5]', 'rocksdb', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('sql-minibatch-off', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sqlMinibatchOff);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sqlMinibatchOff])).toEqual([]);
  });

  it('sets mini-batches', () => {
    expect(only(judged(sql('GroupAggregate[5]'), sqlMinibatchOff).advice).changes).toHaveLength(4);
  });
});
