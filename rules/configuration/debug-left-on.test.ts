import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { debugLeftOn } from './debug-left-on.js';

const set = (configuration: Readonly<Record<string, string>>): JobSpec => ({ ...job.HEALTHY, configuration });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on latency markers', set({ 'metrics.latency.interval': '1000' }), 'info job'],
  ['fires on state tracking', set({ 'state.backend.latency-track.keyed-state-enabled': 'true' }), 'info job'],
  [
    'is quiet when they are off',
    set({ 'metrics.latency.interval': '0 ms', 'state.latency-track.keyed-state-enabled': 'false' }),
    'clear',
  ],
  [
    'is quiet about flame graphs: they sample only while somebody looks',
    set({ 'rest.flamegraph.enabled': 'true' }),
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('debug-left-on', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, debugLeftOn);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [debugLeftOn])).toEqual([]);
  });
});
