import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { lookupCacheMiss } from './lookup-cache-miss.js';

const lookup = (hits: number, misses: number, busy = 0.8, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, {
    vertices: {
      map: {
        name: 'LookupJoin[3]',
        busy,
        metrics: { 'LookupJoin.hitCount': (s: number) => hits * s, 'LookupJoin.missCount': (s: number) => misses * s },
      },
    },
  }),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when a quarter is in the cache', lookup(10, 30), 'info map'],
  ['is quiet at half', lookup(20, 20), 'clear'],
  ['is quiet about a few lookups', lookup(2, 10), 'clear'],
  ['is quiet when the vertex rests', lookup(10, 30, 0.4), 'clear'],
  ['is quiet on a job without lookups', job.SLOW_LOOKUP, 'clear'],
  [
    'is not evaluated without the metrics',
    vary(job.HEALTHY, { vertices: { map: { name: 'LookupJoin[3]', busy: 0.8 } } }),
    'skipped: no vertex has told hitCount and missCount (1.16+) twice yet: it is not registered there, or was not read',
  ],
  ['is skipped for a batch job', lookup(10, 30, 0.8, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', lookup(10, 30, 0.8, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('lookup-cache-miss', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, lookupCacheMiss);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [lookupCacheMiss])).toEqual([]);
  });
});
