import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { stateAccessSlow } from './state-access-slow.js';

const reading = (ms: number | undefined, busy = 0.8, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, {
    vertices: {
      agg: { busy, ...(ms === undefined ? {} : { metrics: { 'agg.sessions.valueStateGetLatency_p99': ms * 1e6 } }) },
    },
  }),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 3 ms', reading(3), 'info agg'],
  ['is quiet on 0.2 ms', reading(0.2), 'clear'],
  ['is quiet when the vertex rests', reading(3, 0.4), 'clear'],
  [
    'is not evaluated without tracking',
    reading(undefined),
    'skipped: a keyed vertex is busy; how long its reads of state take is told only with state.latency-track.keyed-state-enabled: true (valueStateGetLatency_p99 and its kin)',
  ],
  ['is skipped for a batch job', reading(3, 0.8, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', reading(3, 0.8, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('state-access-slow', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, stateAccessSlow);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [stateAccessSlow])).toEqual([]);
  });
});
