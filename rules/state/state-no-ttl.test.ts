import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { stateNoTtl } from './state-no-ttl.js';

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
  ['fires on an aggregate that grows', growing({ agg: 'GroupAggregate[5]' }), 'info job'],
  ['fires on a join of 1.14', growing({ agg: 'Join(joinType=[InnerJoin], where=[(a = b)])' }), 'info job'],
  [
    'is quiet with a time to live',
    growing({ agg: 'GroupAggregate[5]' }, 10, { configuration: { 'table.exec.state.ttl': '36 h' } }),
    'clear',
  ],
  [
    'fires when it is set to 0',
    growing({ agg: 'Rank[5]' }, 10, { configuration: { 'table.exec.state.ttl': '0 ms' } }),
    'info job',
  ],
  ['is quiet about windows', growing({ agg: 'GlobalWindowAggregate[5] -> WindowRank[6]' }), 'clear'],
  ['is quiet about code', growing({}), 'clear'],
  ['is quiet when the state stands', growing({ agg: 'GroupAggregate[5]' }, 0), 'clear'],
  ['is skipped for a batch job', growing({}, 10, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', growing({}, 10, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('state-no-ttl', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, stateNoTtl);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [stateNoTtl])).toEqual([]);
  });
});
