import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { memConfigConflict } from './mem-config-conflict.js';

const set = (configuration: Readonly<Record<string, string>>): JobSpec => ({ ...job.HEALTHY, configuration });
const PROCESS = { 'taskmanager.memory.process.size': '1728m' };

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on process and Flink size', set({ ...PROCESS, 'taskmanager.memory.flink.size': '1280m' }), 'info job'],
  [
    'fires on a total with heap and managed size',
    set({ ...PROCESS, 'taskmanager.memory.task.heap.size': '512m', 'taskmanager.memory.managed.size': '512m' }),
    'info job',
  ],
  ['is quiet about one of the parts', set({ ...PROCESS, 'taskmanager.memory.managed.size': '512m' }), 'clear'],
  [
    'is quiet about heap and managed size without a total',
    set({ 'taskmanager.memory.task.heap.size': '512m', 'taskmanager.memory.managed.size': '0' }),
    'clear',
  ],
  ['is quiet about one way', set(PROCESS), 'clear'],
  ['is skipped without a configuration', set({}), 'skipped: the configuration was not read yet'],
  ['is skipped while tasks are deployed', { ...set(PROCESS), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('mem-config-conflict', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memConfigConflict);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memConfigConflict])).toEqual([]);
  });
});
