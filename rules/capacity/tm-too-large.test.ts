import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { tmTooLarge } from './tm-too-large.js';

const cluster = (slots: number, count: number, parallelism: number): JobSpec => ({
  ...job.HEALTHY,
  samples: 6,
  vertices: { src: { parallelism, busy: 0.1, out: 10, lag: [0, 0] } },
  taskManagers: Array.from({ length: count }, () => ({ slots })),
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on two of 32 slots', cluster(32, 2, 40), 'info cluster'],
  ['is quiet on three', cluster(32, 3, 40), 'clear'],
  ['is quiet at 16 slots', cluster(16, 2, 20), 'clear'],
  ['is quiet about a small job', cluster(32, 1, 4), 'clear'],
  ['is skipped for a batch job', { ...cluster(32, 2, 40), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...cluster(32, 2, 40), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('tm-too-large', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, tmTooLarge);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [tmTooLarge])).toEqual([]);
  });
});
