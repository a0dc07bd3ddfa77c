import { describe, expect, it } from 'vitest';
import { aDayOld, BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { wasteCheckpoint } from './waste-checkpoint.js';

const GIB = 1024 ** 3;
/** A checkpoint every 20 s. */
const writing = (gib: number, state = 1, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  checkpoints: Array.from({ length: 12 }, () => ({
    durationMs: 1000,
    stateBytes: state * GIB,
    writtenBytes: gib * GIB,
  })),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a full copy every 20 s', aDayOld(writing(1)), 'info job'],
  ['is quiet about 170 MiB copied every 20 s', aDayOld(writing(0.17, 0.17)), 'clear'],
  ['is quiet when little of it is written', aDayOld(writing(0.02)), 'clear'],
  ['is quiet about a small state', aDayOld(writing(0.02, 0.02)), 'clear'],
  ['is quiet in the first day', writing(1), 'clear'],
  ['is quiet where the bytes written are not told', aDayOld(job.HEALTHY), 'clear'],
  ['is skipped for a batch job', writing(1, 1, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', writing(1, 1, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('waste-checkpoint', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wasteCheckpoint);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wasteCheckpoint])).toEqual([]);
  });
});
