import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { vary } from '../../analyzer/testing/claims.js';
import { objectReuseCandidate } from './object-reuse-candidate.js';

const chain = (name: string, base: JobSpec = job.CPU_BOUND, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(base, { vertices: { agg: { name } } }),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a chain of three that computes at its limit', chain('agg -> map -> Sink: out'), 'info agg'],
  ['is quiet about a chain of two', chain('agg -> Sink: out'), 'clear'],
  ['is quiet when it waits instead of computing', chain('agg -> map -> Sink: out', job.TOO_SLOW), 'clear'],
  [
    'is quiet when it is on',
    chain('a -> b -> c', job.CPU_BOUND, { configuration: { 'pipeline.object-reuse': 'true' } }),
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('object-reuse-candidate', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, objectReuseCandidate);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [objectReuseCandidate])).toEqual([]);
  });
});
