import { describe, expect, it } from 'vitest';
import { NOT_RUNNING, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { gcSerial } from './gc-serial.js';

const serial = (gcRatio: number, more: Partial<JobSpec> = {}, hostCores = 4, heapMax = 2048): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: [{ collector: 'Copy', gcRatio, hostCores, heap: { low: 60, high: 200, max: heapMax } }],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a warning where collections take time', serial(0.06), 'warning tm-1'],
  ['is a word a little below', serial(0.04), 'info tm-1'],
  ['is a word where they take none yet: it will hurt when the heap fills (L26)', serial(0.002), 'info tm-1'],
  ['is quiet on one core and a small heap, where it is right', serial(0.06, {}, 1, 512), 'clear'],
  ['is quiet about G1', { ...job.HEALTHY, taskManagers: [{ gcRatio: 0.06, hostCores: 4 }] }, 'clear'],
  [
    'is skipped without readings of the collectors',
    { ...job.HEALTHY, taskManagers: [{ silent: true }] },
    'skipped: no TaskManager of this job has told three readings of its collectors and heap yet',
  ],
  ['is skipped while tasks are deployed', serial(0.06, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('gc-serial', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, gcSerial);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [gcSerial])).toEqual([]);
  });

  it('keeps the flags that are set', () => {
    const set = serial(0.06, { configuration: { 'env.java.opts.taskmanager': '-Dx=1' } });
    expect(only(only(judged(set, gcSerial).advice).changes).to).toBe('-Dx=1 -XX:+UseG1GC');
  });

  it('advises nothing while collections take no time', () => {
    expect(judged(serial(0.02), gcSerial).advice).toEqual([]);
  });

  it('advises nothing where somebody chose a collector', () => {
    const chosen = serial(0.06, { configuration: { 'env.java.opts.taskmanager': '-XX:+UseSerialGC' } });
    expect(judged(chosen, gcSerial).advice).toEqual([]);
  });
});
