import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { parMaxHigh } from './par-max-high.js';

const keyed = (parallelism: number, maxParallelism: number, inputs: 'HASH' | 'REBALANCE' = 'HASH'): JobSpec => ({
  vertices: {
    src: { parallelism: 1, busy: 0.1, out: 100, lag: [0, 0] },
    agg: { parallelism, maxParallelism, inputs: { src: inputs }, busy: 0.1, in: 10 },
  },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 8192 for four', keyed(4, 8192), 'info agg'],
  ['is quiet just below', keyed(4, 8191), 'clear'],
  ['is quiet on a wide vertex', { ...keyed(65, 8192), samples: 6 }, 'clear'],
  ['is quiet without keys', keyed(4, 8192, 'REBALANCE'), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', { ...keyed(4, 8192), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...keyed(4, 8192), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('par-max-high', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, parMaxHigh);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [parMaxHigh])).toEqual([]);
  });
});
