import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { MIB, type JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sbHeapLargeState } from './sb-heap-large-state.js';

const state = (mib: number, stateBackend = 'HashMapStateBackend', more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  checkpointing: { stateBackend },
  checkpoints: [{ durationMs: 1000, stateBytes: mib * MIB }],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 110 MiB in a heap of 512', state(110), 'info job'],
  ['is quiet just below', state(100), 'clear'],
  [
    'is quiet with two TaskManagers in use',
    state(110, 'HashMapStateBackend', {
      taskManagers: [{}, {}],
      vertices: {
        ...job.HEALTHY.vertices,
        agg: { parallelism: 2, inputs: { map: 'HASH' }, busy: 0.06, in: 250, on: [0, 1] },
      },
    }),
    'clear',
  ],
  ['is quiet with state on disk', state(110, 'EmbeddedRocksDBStateBackend'), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', state(110, 'HashMapStateBackend', { batch: true }), BATCH],
  ['is skipped while tasks are deployed', state(110, 'HashMapStateBackend', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('sb-heap-large-state', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sbHeapLargeState);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sbHeapLargeState])).toEqual([]);
  });
});
