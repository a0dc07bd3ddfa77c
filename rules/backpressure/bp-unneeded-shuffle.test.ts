import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpUnneededShuffle } from './bp-unneeded-shuffle.js';

const graph = (out: number | readonly number[], more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 2, busy: 0.1, out, lag: [0, 0] },
    map: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 0.3, in: typeof out === 'number' ? out : 150_000 },
  },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 30 MB/s', graph(150_000), 'info map'],
  ['is quiet with less', graph(99_000), 'clear'],
  ['is quiet where it spreads uneven records', graph([250_000, 50_000]), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is skipped in the first minute', graph(150_000, { samples: 2 }), WARMING_UP],
  ['is skipped for a batch job', graph(150_000, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', graph(150_000, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('bp-unneeded-shuffle', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpUnneededShuffle);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpUnneededShuffle])).toEqual([]);
  });
});
