import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { netMemUndersized } from './net-mem-undersized.js';

/**
 * Two vertices of four over two TaskManagers: 20 buffers required and 56 wanted on each
 * (2 gates × (2 × 2 remote + 8 floating) + 2 partitions × (2 × 4 + 8)).
 */
const on = (total: number, free = total, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 4, busy: 0.02, out: 100, on: [0, 0, 1, 1] },
    agg: { parallelism: 4, inputs: { src: 'HASH' }, busy: 0.1, in: 100, on: [0, 0, 1, 1] },
  },
  taskManagers: Array.from({ length: 2 }, () => ({ slots: 2, buffers: { total, free } })),
  ...more,
});

/** The same job, one slot used of two on four TaskManagers: 12 required there, 20 once both are. */
const spread = (total: number): JobSpec => ({
  ...vary(on(total), { vertices: { src: { on: [0, 1, 2, 3] }, agg: { on: [0, 1, 2, 3] } } }),
  taskManagers: Array.from({ length: 4 }, () => ({ slots: 2, slotsFree: 1, buffers: { total, free: total } })),
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['says a word where less is there than the exchanges take', on(55), 'info job'],
  ['is quiet from what they take on', on(56), 'clear'],
  ['warns when all of it is in use all the time', on(55, 1), 'warning job'],
  ['does not warn just below', on(55, 3), 'info job'],
  ['is quiet when all is in use and enough: pools float up to what they may take', on(56, 0), 'clear'],
  ['warns when a full TaskManager would not start', spread(19), 'warning job'],
  ['warns of no start that has what it must have', spread(20), 'info job'],
  ['is quiet when that is far enough', spread(40), 'clear'],
  ['is quiet on one TaskManager of default size', vary(job.HEALTHY, { taskManagers: [{ buffers: { total: 4096, free: 4000 } }] }), 'clear'], // prettier-ignore
  [
    'is skipped where no buffers are told',
    job.HEALTHY,
    'skipped: where each subtask runs, or how many network buffers its TaskManager has, was not read yet',
  ],
  ['is skipped for a batch job', on(55, 55, { batch: true }), BATCH],
  ['is skipped while tasks wait for slots', on(55, 55, { tasks: 'SCHEDULED' }), NOT_RUNNING],
];

describe('net-mem-undersized', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, netMemUndersized);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [netMemUndersized])).toEqual([]);
  });

  it('asks for what the exchanges take and a quarter more, and for the process as much larger', () => {
    const wide = on(1000, 1000, {
      vertices: {
        src: { parallelism: 64, out: 10, on: Array.from({ length: 64 }, () => 0) },
        agg: { parallelism: 64, inputs: { src: 'HASH' }, in: 10, on: Array.from({ length: 64 }, () => 0) },
      },
      taskManagers: [{ slots: 64, buffers: { total: 8192, free: 0 } }],
    });
    // 64 × 8 + 64 × (2 × 64 + 8) = 9216 buffers of 32 KiB, × 1.25 = 360 MiB instead of 256.
    expect(only(judged(wide, netMemUndersized).advice).changes.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['taskmanager.memory.network.min', null, '360m'],
      ['taskmanager.memory.network.max', null, '360m'],
      ['taskmanager.memory.process.size', '1728m', '1832m'],
    ]);
  });
});
