import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { MIB, type JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { stateMaxValueSize } from './state-max-value-size.js';

const values = (
  bytes: number | undefined,
  stateBackend = 'EmbeddedRocksDBStateBackend',
  more: Partial<JobSpec> = {},
): JobSpec => ({
  ...vary(job.HEALTHY, {
    vertices: { agg: bytes === undefined ? {} : { metrics: { 'agg.items.listStateGetValueSize_p99': bytes } } },
  }),
  checkpointing: { stateBackend },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 2 MiB', values(2 * MIB), 'warning agg'],
  ['is quiet on 10 KiB', values(10_240), 'clear'],
  ['is quiet with state on the heap', values(2 * MIB, 'HashMapStateBackend'), 'clear'],
  [
    'is not evaluated without tracking',
    values(undefined),
    'skipped: the size of values is told only with state.size-track.keyed-state-enabled: true (2.1+; valueStateGetValueSize_p99 and its kin)',
  ],
  ['is skipped for a batch job', values(2 * MIB, 'rocksdb', { batch: true }), BATCH],
  ['is skipped while tasks are deployed', values(2 * MIB, 'rocksdb', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('state-max-value-size', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, stateMaxValueSize);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [stateMaxValueSize])).toEqual([]);
  });
});
