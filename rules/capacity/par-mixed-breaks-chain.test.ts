import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { parMixedBreaksChain } from './par-mixed-breaks-chain.js';

const graph = (from: number, to: number, perSecond: number): JobSpec => ({
  vertices: {
    src: { parallelism: from, busy: 0.1, out: perSecond / from, lag: [0, 0] },
    map: { parallelism: to, inputs: { src: 'REBALANCE' }, busy: 0.3, in: perSecond / to },
  },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 3 to 4 with 30 MB/s', graph(3, 4, 300_000), 'info map'],
  ['is quiet with less', graph(3, 4, 190_000), 'clear'],
  ['is quiet about equal ones', graph(4, 4, 300_000), 'clear'],
  ['is quiet when they are far apart: that is a decision', graph(2, 8, 300_000), 'clear'],
  ['is quiet about a single subtask', graph(1, 2, 300_000), 'clear'],
  ['is skipped in the first minute', { ...graph(3, 4, 300_000), samples: 2 }, WARMING_UP],
  ['is skipped for a batch job', { ...graph(3, 4, 300_000), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...graph(3, 4, 300_000), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('par-mixed-breaks-chain', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, parMixedBreaksChain);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [parMixedBreaksChain])).toEqual([]);
  });
});
