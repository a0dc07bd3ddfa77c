import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { parSingle } from './par-single.js';

const single = (busy: number, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 1, busy: 0.02, out: 100, lag: [0, 0] },
    agg: { parallelism: 1, inputs: { src: 'HASH' }, busy, in: 100 },
  },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when it works', single(0.8), 'info job'],
  [
    'fires when the source falls behind',
    {
      ...single(0.3),
      vertices: { ...single(0.3).vertices, src: { parallelism: 1, busy: 0.5, out: 100, lag: [5000, 50] } },
    },
    'info job',
  ],
  ['is quiet just below', single(0.65), 'clear'],
  ['is quiet without another slot', single(0.8, { slots: { total: 1, free: 0 } }), 'clear'],
  ['is quiet when a vertex has two', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', single(0.8, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', single(0.8, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('par-single', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, parSingle);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [parSingle])).toEqual([]);
  });
});
