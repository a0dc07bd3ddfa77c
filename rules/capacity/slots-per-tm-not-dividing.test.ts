import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { slotsPerTmNotDividing } from './slots-per-tm-not-dividing.js';

const cluster = (parallelism: number, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: { src: { parallelism, busy: 0.1, out: 10, lag: [0, 0] } },
  samples: 361,
  taskManagers: [{ slots: 4 }, { slots: 4 }, { slots: 4 }],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on ten of twelve', cluster(10), 'info cluster'],
  ['is quiet when less than half of the last is free', cluster(11), 'clear'],
  ['is quiet when all are full', cluster(12), 'clear'],
  ['leaves whole TaskManagers to slots-idle', cluster(8), 'clear'],
  ['is quiet before an hour', cluster(10, { samples: 300 }), 'clear'],
  ['is quiet on a cluster of several jobs', cluster(10, { jobsOnCluster: 2 }), 'clear'],
  ['is skipped for a batch job', cluster(10, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', cluster(10, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('slots-per-tm-not-dividing', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, slotsPerTmNotDividing);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [slotsPerTmNotDividing])).toEqual([]);
  });
});
