import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { memJmPressure } from './mem-jm-pressure.js';

const cluster = (count: number, configuration: Readonly<Record<string, string>>): JobSpec => ({
  ...job.HEALTHY,
  samples: 3,
  taskManagers: Array.from({ length: count }, () => ({})),
  configuration,
});
const NOT_TOLD =
  'skipped: heap and collections of the JobManager (Status.JVM.Memory.Heap.Used, Status.JVM.GarbageCollector of /jobmanager/metrics) are not read, and its size says something only beyond 100 TaskManagers';
const DEFAULT = { 'jobmanager.memory.process.size': '1600m' };

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on the default size over 101', cluster(101, DEFAULT), 'info jobmanager'],
  ['is clear with enough', cluster(101, { 'jobmanager.memory.process.size': '4g' }), 'clear'],
  ['is not evaluated on a hundred', cluster(100, DEFAULT), NOT_TOLD],
  ['is not evaluated where its size is not told', cluster(101, { a: 'b' }), NOT_TOLD],
  ['is skipped while tasks are deployed', { ...cluster(101, DEFAULT), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('mem-jm-pressure', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memJmPressure);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memJmPressure])).toEqual([]);
  });
});
