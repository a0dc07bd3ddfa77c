import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { MIB, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { memManagedIdle } from './mem-managed-idle.js';

const managed = (used: number, total: number, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: [{ managed: { used, total } }],
  ...more,
});
const two: JobSpec = {
  ...vary(job.HEALTHY, { vertices: { agg: { on: [0, 1] } } }),
  taskManagers: [{ managed: { used: 0, total: 512 } }, { managed: { used: 100, total: 512 } }],
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on hash-map state with the default share (L64)', managed(0, 512), 'info job'],
  ['is quiet when a byte of it is used', managed(0.001, 512), 'clear'],
  ['is quiet when it is little', managed(0, 63), 'clear'],
  ['fires from 64 MiB', managed(0, 64), 'info job'],
  ['is quiet when one TaskManager uses it', two, 'clear'],
  ['is quiet when none is reserved', managed(0, 0), 'clear'],
  [
    'is quiet about RocksDB, even before it took its budget',
    managed(0, 512, { checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' } }),
    'clear',
  ],
  ['is quiet about ForSt', managed(0, 512, { checkpointing: { stateBackend: 'ForStStateBackend' } }), 'clear'],
  ['is skipped without TaskManagers', managed(0, 512, { taskManagers: [] }), 'skipped: no TaskManager was read yet'],
  ['is skipped while tasks are deployed', managed(0, 512, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('mem-managed-idle', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memManagedIdle);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memManagedIdle])).toEqual([]);
  });

  it('is skipped, not clear, while TaskManagers do not tell their managed memory', () => {
    expect(verdictOf(judged({ ...job.HEALTHY, taskManagers: [{ silent: true }] }, memManagedIdle))).toMatch(
      /^skipped: /,
    );
  });

  it('gives the smallest process with the same heap, by Flink’s memory model', () => {
    const advice = only(judged(managed(0, 512), memManagedIdle).advice);
    expect(advice.changes.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['taskmanager.memory.managed.size', null, '0m'],
      ['taskmanager.memory.process.size', '1728m', '1160m'],
    ]);
    expect(advice.diffs['config.yaml']).toBe(
      '+ taskmanager.memory.managed.size: 0m\n- taskmanager.memory.process.size: 1728m\n+ taskmanager.memory.process.size: 1160m',
    );
    expect(advice.cost.memoryBytes).toBe((1160 - 1728) * MIB);
  });

  it('follows the readings: a larger process gives more back', () => {
    const large = managed(0, 1434, { taskManagers: [{ processMib: 4096, managed: { used: 0, total: 1372 } }] });
    const sizes = only(judged(large, memManagedIdle).advice).changes.map(({ to }) => to);
    expect(Number.parseInt(String(must(sizes[1])), 10)).toBeLessThan(2800);
  });

  it('advises nothing on a cluster that other jobs share: they may need it', () => {
    const verdict = judged(managed(0, 512, { jobsOnCluster: 2 }), memManagedIdle);
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.advice).toEqual([]);
  });
});
