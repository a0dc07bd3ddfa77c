import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { slotsGtCores } from './slots-gt-cores.js';

const on = (slots: number, hostCores: number, cores = 0.1): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: [{ slots, hostCores, cores }],
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires from more than two slots on a core', on(5, 2), 'info cluster'],
  ['is quiet at two on a core', on(4, 2), 'clear'],
  ['fires on one slot more where the machine is full', on(3, 2, 1.7), 'info cluster'],
  ['is quiet about a full machine with as many slots as cores', on(2, 2, 1.9), 'clear'],
  [
    'is quiet about a TaskManager without tasks',
    { ...job.HEALTHY, taskManagers: [{ slots: 2 }, { slots: 16 }] },
    'clear',
  ],
  ['is skipped without TaskManagers', { ...job.HEALTHY, taskManagers: [] }, 'skipped: no TaskManager was read yet'],
  ['is skipped for a batch job', { ...on(5, 2), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...on(5, 2), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('slots-gt-cores', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, slotsGtCores);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [slotsGtCores])).toEqual([]);
  });
});
