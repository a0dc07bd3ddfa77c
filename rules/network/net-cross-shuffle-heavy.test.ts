import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { netCrossShuffleHeavy } from './net-cross-shuffle-heavy.js';

const crossing = (remote: number | undefined, rate = 600_000, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 2, busy: 0.1, out: rate, lag: [0, 0] },
    agg: {
      parallelism: 2,
      inputs: { src: 'HASH' },
      busy: 0.2,
      in: rate,
      ...(remote === undefined
        ? {}
        : { metrics: { numBytesInRemotePerSecond: remote * rate * 200, numBytesInPerSecond: rate * 200 } }),
    },
  },
  taskManagers: [{}, {}],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when all of it comes from the other machine', crossing(0.95), 'info agg'],
  ['is quiet when half of it does, as in any exchange of two', crossing(0.5), 'clear'],
  ['is quiet about few bytes', crossing(0.95, 400_000), 'clear'],
  ['is quiet on one TaskManager', crossing(0.95, 600_000, { taskManagers: [{}] }), 'clear'],
  [
    'is quiet where twenty machines make it unavoidable',
    crossing(0.95, 6_000_000, { taskManagers: Array.from({ length: 20 }, () => ({})) }),
    'clear',
  ],
  [
    'is not evaluated where the bytes are not told',
    crossing(undefined),
    'skipped: many bytes arrive, and numBytesInRemotePerSecond and numBytesInPerSecond of the tasks were not told yet',
  ],
  ['is skipped for a batch job', crossing(0.95, 600_000, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', crossing(0.95, 600_000, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('net-cross-shuffle-heavy', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, netCrossShuffleHeavy);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [netCrossShuffleHeavy])).toEqual([]);
  });
});
