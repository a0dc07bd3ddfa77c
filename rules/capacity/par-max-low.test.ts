import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { parMaxLow } from './par-max-low.js';

const wide = (parallelism: number, maxParallelism: number): JobSpec => ({
  vertices: { src: { parallelism: 2, out: 10 }, agg: { parallelism, maxParallelism, inputs: { src: 'HASH' }, in: 1 } },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when it cannot be doubled', wide(65, 128), 'info agg'],
  ['is quiet when it can', wide(64, 128), 'clear'],
  ['is quiet about what must be one', job.WINDOW_ALL, 'clear'],
  [
    'is quiet without keyed state: such a vertex may change freely',
    { vertices: { src: { parallelism: 65, maxParallelism: 128, out: 1 } } },
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('par-max-low', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, parMaxLow);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [parMaxLow])).toEqual([]);
  });
});
