import { describe, expect, it } from 'vitest';
import { NOT_RUNNING, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { gcFull } from './gc-full.js';

/** Counters of G1: full collections that began after two minutes, each of this length. */
const full = (count: number, ms: number, more: Partial<JobSpec> = {}, from = 120): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: [
    {
      collectorsAt: (s) => {
        const done = Math.min(count, Math.max(0, Math.floor((s - from) / 10)));
        return [
          { name: 'G1_Young_Generation', count: Math.floor(s / 10), timeMs: s },
          { name: 'G1_Old_Generation', count: done, timeMs: done * ms },
        ];
      },
    },
  ],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a warning from two', full(2, 400), 'warning tm-1'],
  ['is critical from six', full(6, 400), 'critical tm-1'],
  ['is quiet about one: a library may ask for it', full(1, 4000), 'clear'],
  ['is quiet about short ones', full(2, 200), 'clear'],
  ['is quiet about those of the start', full(3, 400, {}, -10), 'clear'],
  [
    'is quiet about a heap that is collected young (L24b)',
    { ...job.HEALTHY, taskManagers: [{ youngPerSecond: 7.7, gcRatio: 0.03 }] },
    'clear',
  ],
  [
    'is skipped without readings of the collectors',
    { ...job.HEALTHY, taskManagers: [{ silent: true }] },
    'skipped: no TaskManager of this job has told three readings of its collectors and heap yet',
  ],
  ['is skipped while tasks are deployed', full(3, 400, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('gc-full', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, gcFull);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [gcFull])).toEqual([]);
  });

  it('gives no advice: what stays in the heap decides', () => {
    expect(judged(full(6, 400), gcFull).advice).toEqual([]);
  });
});
