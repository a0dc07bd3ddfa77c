import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec, TaskManagerSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { memXmx31g } from './mem-xmx-31g.js';

const heap = (gib: number, more: TaskManagerSpec = {}): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: [{ heap: { low: 500, high: 900, max: gib * 1024 }, processMib: 72 * 1024, ...more }],
  configuration: { 'taskmanager.memory.process.size': '72g' },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires from 32 GiB', heap(32), 'info job'],
  ['fires up to 40', heap(39.9), 'info job'],
  ['is quiet from there on', heap(40), 'clear'],
  ['is quiet below 32', heap(31.9), 'clear'],
  ['is quiet with ZGC, whose references are always long', heap(32, { collector: 'ZGC_Pauses' }), 'clear'],
  [
    'is skipped without readings of the heap',
    { ...job.HEALTHY, taskManagers: [{ silent: true }] },
    'skipped: no TaskManager of this job has told three readings of its collectors and heap yet',
  ],
  ['is skipped while tasks are deployed', { ...heap(32), tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('mem-xmx-31g', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memXmx31g);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memXmx31g])).toEqual([]);
  });

  it('names the process that has 31 GiB of heap, by Flink’s memory model', () => {
    const change = only(only(judged(heap(36), memXmx31g).advice).changes);
    // (31 GiB + 128 MiB) / (1 − .4 − .1) for Flink, 256 MiB of metaspace, 1 GiB of overhead; fractions are floats.
    expect(change).toMatchObject({ key: 'taskmanager.memory.process.size', from: '72g', to: '65025m' });
  });

  it('advises nothing where the size of the process is not what is set', () => {
    expect(judged({ ...heap(36), configuration: { a: 'b' } }, memXmx31g).advice).toEqual([]);
  });
});
