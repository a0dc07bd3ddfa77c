import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpRecordAmplification } from './bp-record-amplification.js';

const exploding = (out: number, busy = 1, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 2, busy: 0.02, bp: busy === 1 ? 0.9 : 0, out: 50, lag: [1000, busy === 1 ? 20 : 0] },
    map: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 0.1, bp: busy === 1 ? 0.9 : 0, in: 50, out },
    agg: { parallelism: 2, inputs: { map: 'HASH' }, busy, in: out },
  },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on twelve for one', exploding(600), 'info map'],
  ['is quiet just below ten', exploding(490), 'clear'],
  ['is quiet where nothing is held back', exploding(600, 0.4), 'clear'],
  ['is quiet on a slow lookup', job.SLOW_LOOKUP, 'clear'],
  ['is skipped for a batch job', exploding(600, 1, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', exploding(600, 1, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('bp-record-amplification', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpRecordAmplification);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpRecordAmplification])).toEqual([]);
  });
});
