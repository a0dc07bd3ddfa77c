import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { skewCustomPartitioner } from './skew-custom-partitioner.js';

const custom = (records: readonly number[], busy: readonly number[], more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 2, busy: 0.02, bp: Math.max(...busy) >= 1 ? 0.9 : 0, out: 200, lag: [100, 0] },
    map: { parallelism: 4, inputs: { src: 'CUSTOM' }, busy, in: records },
  },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a warning about a subtask that works', custom([250, 50, 50, 50], [0.8, 0.2, 0.2, 0.2]), 'warning map[0]'],
  ['is critical when its input waits for it', custom([250, 50, 50, 50], [1, 0.2, 0.2, 0.2]), 'critical map[0]'],
  ['is a word when it does not work much', custom([250, 50, 50, 50], [0.4, 0.1, 0.1, 0.1]), 'info map[0]'],
  ['is quiet when it rests', custom([250, 50, 50, 50], [0.1, 0.02, 0.02, 0.02]), 'clear'],
  ['is quiet below half as many again', custom([145, 85, 85, 85], [0.8, 0.5, 0.5, 0.5]), 'clear'],
  ['is quiet about a few records', custom([20, 4, 4, 4], [0.8, 0.2, 0.2, 0.2]), 'clear'],
  ['leaves keys to the other rules', job.HOT_KEY, 'clear'],
  ['is skipped in the first minute', custom([250, 50, 50, 50], [0.8, 0.2, 0.2, 0.2], { samples: 2 }), WARMING_UP],
  ['is skipped for a batch job', custom([250, 50, 50, 50], [0.8, 0.2, 0.2, 0.2], { batch: true }), BATCH],
  [
    'is skipped while tasks are deployed',
    custom([250, 50, 50, 50], [0.8, 0.2, 0.2, 0.2], { tasks: 'DEPLOYING' }),
    NOT_RUNNING,
  ],
];

describe('skew-custom-partitioner', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewCustomPartitioner);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewCustomPartitioner])).toEqual([]);
  });
});
