import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { wmAfterShuffle } from './wm-after-shuffle.js';

const graph = (name: string, edge: 'REBALANCE' | 'HASH' | 'FORWARD', more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { map: { name, inputs: { src: edge } } } }),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires behind a rebalance', graph('Timestamps/Watermarks -> Map', 'REBALANCE'), 'info map'],
  ['fires behind a keyBy', graph('Timestamps/Watermarks', 'HASH'), 'info map'],
  ['is quiet behind a forward edge', graph('Timestamps/Watermarks', 'FORWARD'), 'clear'],
  ['is quiet in a chain of the source', graph('Map -> Timestamps/Watermarks', 'REBALANCE'), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', graph('Timestamps/Watermarks', 'HASH', { batch: true }), BATCH],
  ['is skipped while tasks are deployed', graph('Timestamps/Watermarks', 'HASH', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('wm-after-shuffle', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wmAfterShuffle);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wmAfterShuffle])).toEqual([]);
  });
});
