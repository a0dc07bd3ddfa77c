import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { srcRateSpike } from './src-rate-spike.js';

/** Forty minutes of so many records a second, then the reader's limit while more arrives. */
const spike = (before: number, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: {
      parallelism: 2,
      busy: 0.5,
      out: (s) => (s < 2400 ? before : 200),
      lag: (s) => (s < 2400 ? 0 : (s - 2400) * 400),
    },
    sink: { parallelism: 2, inputs: { src: 'HASH' }, busy: 0.3, in: 200 },
  },
  samples: 265,
  ...more,
});

/** Two weeks and more in which so much arrived at every hour. */
const usually = (perSecond: number): Partial<JobSpec> => ({
  history: {
    seasons: new Map([
      [
        'src',
        {
          vertexId: 'src',
          spanMs: 21 * 86_400_000,
          knownHours: 168,
          recordsPerSecondMax: perSecond,
          usualPerSecond: new Float32Array(168).fill(perSecond),
        },
      ],
    ]),
  },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 800 where 200 were', spike(100), 'info src'],
  ['is quiet below twice', spike(210), 'clear'],
  ['is quiet about a wave that comes every week at this hour', spike(100, usually(700)), 'clear'],
  ['fires on what is twice as much as at this hour in other weeks', spike(100, usually(300)), 'info src'],
  ['is quiet when nothing waits', job.HEALTHY, 'clear'],
  [
    'is not evaluated on a young job',
    job.SLOW_LOOKUP,
    'skipped: a source falls behind, and fewer than 30 minutes of its rate are kept: whether it is more than usual is not known',
  ],
  ['is skipped for a batch job', spike(100, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', spike(100, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('src-rate-spike', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, srcRateSpike);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [srcRateSpike])).toEqual([]);
  });
});
