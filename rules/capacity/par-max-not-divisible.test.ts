import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { parMaxNotDivisible } from './par-max-not-divisible.js';

const keyed = (parallelism: number, busy = 0.5, maxParallelism = 128): JobSpec => ({
  vertices: {
    src: { parallelism: 1, busy: 0.1, out: 2, lag: [0, 0] },
    agg: { parallelism, maxParallelism, inputs: { src: 'HASH' }, busy, in: 2 / parallelism },
  },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 96 of 128', keyed(96), 'info agg'],
  ['is quiet on 48 of 128', keyed(48), 'clear'],
  ['is quiet on a divisor', keyed(64), 'clear'],
  ['is quiet when it rests', keyed(96, 0.1), 'clear'],
  ['leaves it to skew-keygroup once it shows', job.KEY_GROUPS, 'clear'],
  ['is skipped in the first minute', { ...keyed(96), samples: 2 }, WARMING_UP],
  ['is skipped for a batch job', { ...keyed(96), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...keyed(96), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('par-max-not-divisible', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, parMaxNotDivisible);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [parMaxNotDivisible])).toEqual([]);
  });
});
