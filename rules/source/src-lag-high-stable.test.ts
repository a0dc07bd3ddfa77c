import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { srcLagHighStable } from './src-lag-high-stable.js';

const behind = (lag: readonly [number, number], more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { src: { lag } } }),
  samples: 70,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when two minutes of input wait and stay', behind([60_000, 0]), 'info src'],
  ['is quiet about half a minute', behind([15_000, 0]), 'clear'],
  ['is quiet when it falls', behind([60_000, -40]), 'clear'],
  ['leaves growth to src-lag-growing', behind([60_000, 40]), 'clear'],
  ['is quiet before ten minutes', behind([60_000, 0], { samples: 40 }), 'clear'],
  [
    'is quiet when it came only now',
    vary(behind([60_000, 0]), { vertices: { src: { lag: (s) => (s < 300 ? 0 : 60_000) } } }),
    'clear',
  ],
  [
    'is not evaluated where no source tells',
    vary(job.HEALTHY, { vertices: { src: { lag: undefined } } } as never),
    'skipped: no source tells how many records wait: its connector does not register pendingRecords',
  ],
  ['is skipped for a batch job', behind([60_000, 0], { batch: true }), BATCH],
  ['is skipped while tasks are deployed', behind([60_000, 0], { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('src-lag-high-stable', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, srcLagHighStable);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [srcLagHighStable])).toEqual([]);
  });
});
