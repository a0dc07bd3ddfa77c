import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import { netMemOversized } from './net-mem-oversized.js';

/** 64 of 64 over one exchange: 64 × 8 + 64 × (2 × 64 + 8) = 9216 buffers (288 MiB) at most, all channels local. */
const wide = (total: number, used = 0, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 64, out: 10 },
    agg: { parallelism: 64, inputs: { src: 'HASH' }, in: 10 },
  },
  taskManagers: [{ slots: 64, buffers: { total, free: total - used } }],
  ...more,
});
const narrow = (total: number): JobSpec => ({
  ...wide(total),
  vertices: { src: { parallelism: 2, out: 10 }, agg: { parallelism: 2, inputs: { src: 'HASH' }, in: 10 } },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when more than twice of what can be taken is there', wide(18_433), 'info job'],
  ['is quiet at twice', wide(18_432), 'clear'],
  ['is quiet when more was taken than counted', wide(18_433, 10_000), 'clear'],
  ['fires from 256 MiB on', narrow(8192), 'info job'],
  ['is quiet just below', narrow(8191), 'clear'],
  ['is quiet on a shared cluster', wide(18_433, 0, { jobsOnCluster: 2 }), 'clear'],
  [
    'is skipped where no buffers are told',
    wide(0, 0, { taskManagers: [{}] }),
    'skipped: where each subtask runs, or how many network buffers its TaskManager has, was not read yet',
  ],
  ['is skipped for a batch job', wide(18_433, 0, { batch: true }), BATCH],
  ['is skipped while tasks wait for slots', wide(18_433, 0, { tasks: 'SCHEDULED' }), NOT_RUNNING],
];

describe('net-mem-oversized', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, netMemOversized);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [netMemOversized])).toEqual([]);
  });

  it('keeps what can be taken and a quarter more, and no less than Flink’s own minimum', () => {
    const changesOf = (spec: JobSpec): unknown =>
      only(judged(spec, netMemOversized).advice).changes.map(({ key, to }) => [key, to]);
    expect(changesOf(wide(20_000))).toEqual([
      ['taskmanager.memory.network.min', '360m'],
      ['taskmanager.memory.network.max', '360m'],
    ]);
    expect(changesOf(narrow(8192))).toEqual([
      ['taskmanager.memory.network.min', '64m'],
      ['taskmanager.memory.network.max', '64m'],
    ]);
  });
});
