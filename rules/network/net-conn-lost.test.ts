import { describe, expect, it } from 'vitest';
import { judged, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import * as trace from '../../analyzer/testing/traces.js';
import { netConnLost } from './net-conn-lost.js';

const two = vary(job.HEALTHY, { vertices: { agg: { on: [0, 1] } } });
const broken = (seconds: readonly number[], more: Partial<JobSpec> = {}): JobSpec =>
  fallen(trace.REMOTE_TRANSPORT, seconds, { vertices: two.vertices, taskManagers: [{}, {}], ...more });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a word about one that recovered', broken([100]), 'info job'],
  ['is a warning from two, both TaskManagers still there', broken([60, 170]), 'warning job'],
  ['is critical from three within ten minutes', broken([40, 100, 160]), 'critical job'],
  [
    'leaves a TaskManager that left to tm-lost (L44)',
    broken([60, 170], { taskManagers: [{}, { goneAt: 175 }] }),
    'clear',
  ],
  ['waits until it is known whether one left', broken([200]), 'clear'],
  ['counts only what it waited for', broken([60, 290]), 'info job'],
  ['is quiet where Weir did not look before', broken([-60, -30]), 'clear'],
  ['is quiet on a cluster of one TaskManager', broken([60, 170], { taskManagers: [{}] }), 'clear'],
  ['is quiet about a heartbeat', fallen(trace.HEARTBEAT, [60, 170], { taskManagers: [{}, {}] }), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is skipped, with the reason, when exceptions cannot be read',
    broken([], { missing: ['/jobs/:jobid/exceptions'] }),
    'skipped: /jobs/:jobid/exceptions could not be read: HTTP 500',
  ],
];

describe('net-conn-lost', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, netConnLost);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [netConnLost])).toEqual([]);
  });

  it('gives no advice: the fault lies between the machines', () => {
    expect(judged(broken([60, 170]), netConnLost).advice).toEqual([]);
  });
});
