import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpTerminalVertex } from './bp-terminal-vertex.js';

const blocked = (hard: number | undefined, agg = 0.1, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, {
    vertices: {
      map: { bp: 0.7, ...(hard === undefined ? {} : { metrics: { hardBackPressuredTimeMsPerSecond: hard } }) },
      agg: { busy: agg },
    },
  }),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when it is blocked within records', blocked(600), 'info map'],
  ['is quiet when it waits between records', blocked(100), 'clear'],
  ['is quiet when what it feeds works: that is a bottleneck', blocked(600, 0.9), 'clear'],
  [
    'is quiet while barriers align: they block channels',
    blocked(600, 0.1, { checkpoints: [{ phases: { agg: { align: 5000 } } }] }),
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is skipped where the metric is not told',
    blocked(undefined),
    'skipped: a vertex waits over idle ones, and hardBackPressuredTimeMsPerSecond (1.15+) was not told three times yet',
  ],
  ['is skipped for a batch job', blocked(600, 0.1, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', blocked(600, 0.1, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('bp-terminal-vertex', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpTerminalVertex);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpTerminalVertex])).toEqual([]);
  });
});
