import { describe, expect, it } from 'vitest';
import { NOT_RUNNING, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { gcLongPause } from './gc-long-pause.js';

/** One collection of this length at 200 s. */
const paused = (ms: number, name = 'G1_Young_Generation', more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: [{ collectorsAt: (s) => [{ name, count: s < 200 ? 0 : 1, timeMs: s < 200 ? 0 : ms }] }],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a warning from two seconds', paused(2000), 'warning tm-1'],
  ['is quiet just below', paused(1900), 'clear'],
  ['is critical from ten', paused(10_000), 'critical tm-1'],
  ['is quiet about a collector that works beside the program', paused(20_000, 'ZGC_Cycles'), 'clear'],
  [
    'is quiet about many short ones (L24)',
    { ...job.HEALTHY, taskManagers: [{ gcRatio: 0.73, youngPerSecond: 186 }] },
    'clear',
  ],
  [
    'is quiet about pauses of a starved machine',
    { ...job.HEALTHY, taskManagers: [{ gcRatio: 0.015, youngPerSecond: 0.1 }] },
    'clear',
  ],
  ['forgets it after ten minutes', paused(5000, 'G1_Young_Generation', { samples: 82 }), 'clear'],
  [
    'is skipped without readings of the collectors',
    { ...job.HEALTHY, taskManagers: [{ silent: true }] },
    'skipped: no TaskManager of this job has told three readings of its collectors and heap yet',
  ],
  ['is skipped while tasks are deployed', paused(5000, 'G1_Young_Generation', { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('gc-long-pause', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, gcLongPause);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [gcLongPause])).toEqual([]);
  });
});
