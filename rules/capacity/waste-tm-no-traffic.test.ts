import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { MIB, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { wasteTmNoTraffic } from './waste-tm-no-traffic.js';

const cluster = (more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  vertices: {
    ...job.HEALTHY.vertices,
    wide: { parallelism: 10, inputs: { map: 'HASH' }, busy: 0.1, in: 50, on: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2] },
  },
  samples: 361,
  taskManagers: [{ slots: 4 }, { slots: 4 }, { slots: 2 }, { slots: 2, slotsFree: 2, cores: 0.01 }],
  slots: { total: 12, free: 2 },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires after an hour', cluster(), 'info cluster'],
  ['is quiet before', cluster({ samples: 300 }), 'clear'],
  [
    'is quiet when it computes',
    cluster({ taskManagers: [{ slots: 4 }, { slots: 4 }, { slots: 2 }, { slots: 2, slotsFree: 2, cores: 0.2 }] }),
    'clear',
  ],
  [
    'is quiet when the free slots are spread',
    cluster({ taskManagers: [{ slots: 4 }, { slots: 4 }, { slots: 4, slotsFree: 2 }] }),
    'clear',
  ],
  ['leaves a quarter of free slots to slots-idle', cluster({ slots: { total: 12, free: 3 } }), 'clear'],
  ['is quiet on a cluster of several jobs', cluster({ jobsOnCluster: 2 }), 'clear'],
  ['is skipped for a batch job', cluster({ batch: true }), BATCH],
  ['is skipped while tasks are deployed', cluster({ tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('waste-tm-no-traffic', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wasteTmNoTraffic);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wasteTmNoTraffic])).toEqual([]);
  });

  it('stops exactly that one', () => {
    const advice = only(judged(cluster(), wasteTmNoTraffic).advice);
    expect(advice.changes).toEqual([{ scope: 'taskmanager', from: 4, to: 3, unit: 'TaskManagers' }]);
    expect(advice.cost).toMatchObject({ taskManagers: -1, memoryBytes: -1728 * MIB });
  });
});
