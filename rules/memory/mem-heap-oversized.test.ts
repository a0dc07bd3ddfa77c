import { describe, expect, it } from 'vitest';
import { aDayOld, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { MIB, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { memHeapOversized } from './mem-heap-oversized.js';

const heap = (high: number, max = 4096, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  samples: 60,
  taskManagers: [{ heap: { low: 100, high, max }, youngPerSecond: 0.2, processMib: 8192 }],
  configuration: { 'taskmanager.memory.process.size': '8192m' },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when a tenth is ever used', aDayOld(heap(400)), 'info job'],
  ['is quiet when it is filled', aDayOld(heap(3000)), 'clear'],
  ['is quiet about a small heap', aDayOld(heap(100, 1024)), 'clear'],
  ['is quiet in the first day', heap(400), 'clear'],
  [
    'is quiet when it collects',
    aDayOld(heap(400, 4096, { taskManagers: [{ heap: { low: 100, high: 400, max: 4096 }, gcRatio: 0.04 }] })),
    'clear',
  ],
  ['is quiet on a cluster of several jobs', aDayOld(heap(400, 4096, { jobsOnCluster: 2 })), 'clear'],
  ['is quiet while something is held back', aDayOld({ ...heap(400), vertices: job.SLOW_LOOKUP.vertices }), 'clear'],
  [
    'is not evaluated without a collection in each part of the window',
    aDayOld(heap(400, 4096, { taskManagers: [{ heap: { low: 100, high: 400, max: 4096 }, youngPerSecond: 0 }] })),
    'skipped: no TaskManager of this job has told three readings of its collectors and heap yet',
  ],
  ['is skipped for a batch job with a reason', heap(400, 4096, { batch: true, tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('mem-heap-oversized', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memHeapOversized);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memHeapOversized])).toEqual([]);
  });

  it('takes no more than 30 % of the heap away', () => {
    const advice = only(judged(aDayOld(heap(400)), memHeapOversized).advice);
    expect(advice.expected).toMatchObject([{ from: 4096 * MIB, to: 4096 * 0.7 * MIB }]);
    expect(advice.cost.memoryBytes).toBeLessThan(0);
  });
});
