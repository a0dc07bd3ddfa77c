import { describe, expect, it } from 'vitest';
import { aDayOld, BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { wasteCpu } from './waste-cpu.js';

const given = (cores: string, used = 0.5, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  samples: 60,
  taskManagers: [{ slots: 2, cores: used }],
  configuration: { 'kubernetes.taskmanager.cpu.amount': cores },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when a quarter of the cores is used', aDayOld(given('2.0')), 'info cluster'],
  ['is quiet at 45 %', aDayOld(given('2.0', 0.9)), 'clear'],
  ['is quiet when there is nothing to take away', aDayOld(given('0.5', 0.1)), 'clear'],
  ['is quiet in the first day', given('2.0'), 'clear'],
  ['is quiet on a cluster of several jobs', aDayOld(given('2.0', 0.5, { jobsOnCluster: 2 })), 'clear'],
  ['is quiet while something is held back', aDayOld({ ...given('2.0'), vertices: job.SLOW_LOOKUP.vertices }), 'clear'],
  [
    'is skipped where the cores are not told',
    aDayOld({ ...given('2.0'), configuration: { a: 'b' } }),
    'skipped: the cores that a TaskManager was given are not told: kubernetes.taskmanager.cpu.amount or yarn.containers.vcores would',
  ],
  ['is skipped for a batch job', { ...given('2.0'), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...given('2.0'), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('waste-cpu', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wasteCpu);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wasteCpu])).toEqual([]);
  });

  it('gives what the busiest minute takes at 60 %, and follows the readings', () => {
    const cores = (spec: JobSpec) => only(judged(aDayOld(spec), wasteCpu).advice).changes;
    expect(cores(given('2.0'))).toMatchObject([{ key: 'kubernetes.taskmanager.cpu.amount', from: '2.0', to: 1 }]);
    expect(cores(given('8.0', 1.4))).toMatchObject([{ from: '8.0', to: 2.5 }]);
  });
});
