import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sqlCascadeJoinState } from './sql-cascade-join-state.js';

/** A checkpoint a minute from the second hour on, each so many MiB larger. */
const growing = (names: Readonly<Record<string, string>>, mib = 10, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: Object.fromEntries(Object.entries(names).map(([id, name]) => [id, { name }])) }),
  samples: 600,
  checkpoints: Array.from({ length: 36 }, (_, i) => ({
    at: 3660 + i * 60,
    stateBytes: (1000 + mib * i) * 1024 ** 2,
    durationMs: 1000,
  })),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on three joins that grow', growing({ map: 'Join[3] -> Join[5]', agg: 'Join[7]' }), 'info job'],
  ['is quiet about two', growing({ map: 'Join[3]', agg: 'Join[7]' }), 'clear'],
  ['is quiet about other joins', growing({ map: 'IntervalJoin[3] -> LookupJoin[5]', agg: 'WindowJoin[7]' }), 'clear'],
  ['is quiet when the state stands', growing({ map: 'Join[3] -> Join[5]', agg: 'Join[7]' }, 0), 'clear'],
  ['is skipped for a batch job', growing({}, 10, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', growing({}, 10, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('sql-cascade-join-state', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sqlCascadeJoinState);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sqlCascadeJoinState])).toEqual([]);
  });
});
