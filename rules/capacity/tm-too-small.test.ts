import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { tmTooSmall } from './tm-too-small.js';

const cluster = (count: number, slots = 1, processMib = 1728): JobSpec => ({
  ...job.HEALTHY,
  samples: 6,
  taskManagers: Array.from({ length: count }, () => ({ slots, processMib })),
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 21 of the default size', cluster(21), 'info cluster'],
  ['is quiet on 20', cluster(20), 'clear'],
  ['is quiet when they have two slots', cluster(21, 2), 'clear'],
  ['is quiet when the fixed part is small', cluster(21, 1, 8192), 'clear'],
  ['is quiet on a healthy job of the default size', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', { ...cluster(21), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...cluster(21), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('tm-too-small', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, tmTooSmall);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [tmTooSmall])).toEqual([]);
  });
});
