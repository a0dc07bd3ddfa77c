import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { MIB, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { slotsIdle } from './slots-idle.js';

const slots = (total: number, free: number | ((s: number) => number), more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  samples: 12,
  taskManagers: [{ slots: 4 }, { slots: 4 }],
  slots: { total, free },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when three quarters have been free for two minutes', slots(8, 6), 'info cluster'],
  ['fires from a quarter', slots(8, 2), 'info cluster'],
  ['is quiet just below', slots(9, 2), 'clear'],
  ['is quiet after less than two minutes', slots(8, 6, { samples: 11 }), 'clear'],
  [
    'is quiet when the number changed in between: something takes them',
    slots(8, (s) => (s === 100 ? 4 : 6), { samples: 18 }),
    'clear',
  ],
  [
    'is quiet on a cluster that several jobs share: they belong to none of them',
    slots(8, 6, { jobsOnCluster: 2 }),
    'clear',
  ],
  ['is quiet when none is free', slots(2, 0), 'clear'],
  ['is skipped for a batch job', slots(8, 6, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', slots(8, 6, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('slots-idle', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, slotsIdle);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [slotsIdle])).toEqual([]);
  });

  it('stops whole TaskManagers, exactly', () => {
    const advice = only(judged(slots(8, 6), slotsIdle).advice);
    expect(advice.changes).toEqual([{ scope: 'taskmanager', from: 2, to: 1, unit: 'TaskManagers' }]);
    expect(advice.diffs.FlinkDeployment).toBe('spec:\n  taskManager:\n    replicas: 1');
    expect(advice.cost).toEqual({ slots: -4, taskManagers: -1, memoryBytes: -1728 * MIB });
  });

  it('follows the readings: ten free slots of three TaskManagers let two go', () => {
    const more = slots(12, 10, { taskManagers: [{ slots: 4 }, { slots: 4 }, { slots: 4 }] });
    expect(only(judged(more, slotsIdle).advice).changes).toMatchObject([{ from: 3, to: 1 }]);
  });

  it('advises nothing when the free slots do not empty a TaskManager', () => {
    expect(judged(slots(8, 3), slotsIdle).advice).toEqual([]);
  });

  it('advises nothing when TaskManagers differ in size', () => {
    const mixed = slots(10, 6, { taskManagers: [{ slots: 4 }, { slots: 6 }] });
    expect(judged(mixed, slotsIdle).advice).toEqual([]);
  });
});
