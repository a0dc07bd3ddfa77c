import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { slotsSharingDisabled } from './slots-sharing-disabled.js';

const grouped = (agg: number, busy = 0.1, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 4, busy: 0.05, out: 100, lag: [0, 0] },
    agg: { parallelism: agg, inputs: { src: 'HASH' }, busy, in: 100, slotSharingGroup: 'own' },
  },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on two groups of four', grouped(4), 'info job'],
  ['is quiet just below half as many again', grouped(1), 'clear'],
  ['is quiet when one of them works', grouped(4, 0.4), 'clear'],
  ['is quiet on one group', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', grouped(4, 0.1, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', grouped(4, 0.1, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('slots-sharing-disabled', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, slotsSharingDisabled);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [slotsSharingDisabled])).toEqual([]);
  });
});
