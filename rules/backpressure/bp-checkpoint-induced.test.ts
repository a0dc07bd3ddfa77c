import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpCheckpointInduced } from './bp-checkpoint-induced.js';

/** A checkpoint of 30 s every 100 s; the source reads so many records a second during and between them. */
const job30 = (during: number, between = 100, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  samples: 100,
  vertices: {
    src: {
      parallelism: 2,
      busy: 0.1,
      out: (s) => (s > 100 && s % 100 > 0 && s % 100 <= 30 ? during : between),
      lag: [0, 0],
    },
    agg: { parallelism: 2, inputs: { src: 'HASH' }, busy: 0.3, in: 100 },
  },
  checkpoints: Array.from({ length: 9 }, (_, i) => ({ at: 100 + 100 * i, durationMs: 30_000 })),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when a third is missing during checkpoints', job30(65), 'info src'],
  ['is quiet at 85 %', job30(85), 'clear'],
  [
    'is quiet about short checkpoints, which have no readings of their own',
    { ...job30(65), checkpoints: Array.from({ length: 9 }, (_, i) => ({ at: 100 + 100 * i, durationMs: 10_000 })) },
    'clear',
  ],
  [
    'is quiet with four checkpoints',
    { ...job30(65), checkpoints: Array.from({ length: 4 }, (_, i) => ({ at: 100 + 100 * i, durationMs: 30_000 })) },
    'clear',
  ],
  [
    'is quiet where the rate comes and goes by itself',
    {
      ...job30(65),
      vertices: {
        ...job30(65).vertices,
        src: { parallelism: 2, busy: 0.1, out: (s) => (s % 40 === 0 ? 300 : 30), lag: [0, 0] },
      },
    },
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', job30(65, 100, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', job30(65, 100, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('bp-checkpoint-induced', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpCheckpointInduced);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpCheckpointInduced])).toEqual([]);
  });
});
