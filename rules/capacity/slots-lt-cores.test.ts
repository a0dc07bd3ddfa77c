import { describe, expect, it } from 'vitest';
import { aDayOld, BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { slotsLtCores } from './slots-lt-cores.js';

const given = (cores: string, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  samples: 60,
  taskManagers: [{ slots: 2, cores: 0.5 }],
  configuration: { 'kubernetes.taskmanager.cpu.amount': cores },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on four cores for two slots', aDayOld(given('4.0')), 'info cluster'],
  ['is quiet just below twice', aDayOld(given('3.9')), 'clear'],
  ['is quiet when the cores are used', aDayOld(given('4.0', { taskManagers: [{ slots: 2, cores: 1.7 }] })), 'clear'],
  ['is quiet in the first day', given('4.0'), 'clear'],
  ['is quiet while a backlog is worked off', aDayOld({ ...given('4.0'), vertices: job.CATCHING_UP.vertices }), 'clear'],
  [
    'is skipped where the cores are not told',
    aDayOld({ ...given('4.0'), configuration: { a: 'b' } }),
    'skipped: the cores of a TaskManager are not told by kubernetes.taskmanager.cpu.amount or yarn.containers.vcores, and without a limit the JVM sees those of its machine',
  ],
  [
    'is skipped where no CPU time is told',
    aDayOld(given('4.0', { taskManagers: [{ slots: 2, cores: 'unknown' }] })),
    'skipped: no TaskManager tells its CPU time (Status.JVM.CPU.Time)',
  ],
  ['is skipped for a batch job', { ...given('4.0'), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...given('4.0'), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('slots-lt-cores', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, slotsLtCores);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [slotsLtCores])).toEqual([]);
  });

  it('makes as many slots as cores', () => {
    const advice = only(judged(aDayOld(given('4.0')), slotsLtCores).advice);
    expect(advice.changes).toMatchObject([{ key: 'taskmanager.numberOfTaskSlots', from: null, to: 4 }]);
  });
});
