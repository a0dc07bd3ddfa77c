import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { failoverFull } from './failover-full.js';

const full: JobSpec = { ...job.HEALTHY, configuration: { 'jobmanager.execution.failover-strategy': 'full' } };
const more = { other: { parallelism: 1, out: 5 } };

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on two independent parts', { ...full, vertices: { ...full.vertices, ...more } }, 'info job'],
  ['is quiet on one connected job: a region is all of it', full, 'clear'],
  ['is quiet by region', { ...full, vertices: { ...full.vertices, ...more }, configuration: { a: 'b' } }, 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('failover-full', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, failoverFull);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [failoverFull])).toEqual([]);
  });
});
