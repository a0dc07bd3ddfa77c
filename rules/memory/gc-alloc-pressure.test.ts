import { describe, expect, it } from 'vitest';
import { NOT_RUNNING, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { gcAllocPressure } from './gc-alloc-pressure.js';

const collecting = (gcRatio: number, low: number, youngPerSecond = 2, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: [{ gcRatio, youngPerSecond, heap: { low, high: 480, max: 512 } }],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when much is collected and little stays', collecting(0.06, 100), 'warning tm-1'],
  ['is quiet when collections take little time', collecting(0.04, 100), 'clear'],
  ['leaves more than a tenth of the time to gc-pressure', collecting(0.11, 100), 'clear'],
  ['is quiet below one collection a second', collecting(0.06, 100, 0.5), 'clear'],
  ['leaves a full heap to other rules', collecting(0.06, 270), 'clear'],
  [
    'is skipped without readings of the collectors',
    { ...job.HEALTHY, taskManagers: [{ silent: true }] },
    'skipped: no TaskManager of this job has told three readings of its collectors and heap yet',
  ],
  ['is skipped while tasks are deployed', collecting(0.06, 100, 2, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('gc-alloc-pressure', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, gcAllocPressure);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [gcAllocPressure])).toEqual([]);
  });

  it('doubles the room, with idle managed memory first', () => {
    const advice = only(judged(collecting(0.06, 100), gcAllocPressure).advice);
    expect(advice.changes.map(({ key, to }) => [key, to])).toContainEqual(['taskmanager.memory.managed.size', '0m']);
    expect(only(advice.expected).to).toBeCloseTo(0.03, 3);
  });
});
