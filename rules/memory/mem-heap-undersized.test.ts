import { describe, expect, it } from 'vitest';
import { NOT_RUNNING, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { memHeapUndersized } from './mem-heap-undersized.js';

const collecting = (gcRatio: number, low: number, youngPerSecond = 2, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: [{ gcRatio, youngPerSecond, heap: { low, high: 480, max: 512 } }],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires between a busy collector and a full heap', collecting(0.06, 300), 'warning tm-1'],
  ['is quiet when collections take little time', collecting(0.04, 300), 'clear'],
  ['leaves more than a tenth of the time to gc-pressure', collecting(0.11, 300), 'clear'],
  ['leaves little that stays to gc-alloc-pressure', collecting(0.06, 200), 'clear'],
  ['leaves a full heap to gc-live-set-high', collecting(0.06, 400), 'clear'],
  ['is quiet below one collection a second (fact 15)', collecting(0.06, 300, 0.5), 'clear'],
  [
    'is skipped without readings of the collectors',
    { ...job.HEALTHY, taskManagers: [{ silent: true }] },
    'skipped: no TaskManager of this job has told three readings of its collectors and heap yet',
  ],
  ['is skipped while tasks are deployed', collecting(0.06, 300, 2, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('mem-heap-undersized', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memHeapUndersized);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memHeapUndersized])).toEqual([]);
  });

  it('doubles the free part of the heap', () => {
    const advice = only(judged(collecting(0.06, 300), memHeapUndersized).advice);
    expect(advice.changes.map(({ key }) => key)).toContain('taskmanager.memory.managed.size');
  });
});
