import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpCpuSaturatedTm } from './bp-cpu-saturated-tm.js';

/** Four slots on two cores: four subtasks want more than there is. */
const tooManySlots: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 800, lag: [30_000, 400] },
    agg: { parallelism: 4, inputs: { src: 'HASH' }, busy: 1, in: 400 },
  },
  taskManagers: [{ slots: 4, hostCores: 2, cores: 1.99, processMib: 1728 }],
  configuration: { 'taskmanager.numberOfTaskSlots': '4' },
};

/** Two TaskManagers share a machine; each uses half of it. */
const shared = (host: string): JobSpec => ({
  ...vary(job.CPU_BOUND, { vertices: { agg: { on: [0, 1] } } }),
  taskManagers: [
    { host: 'host-1', slots: 2, hostCores: 2, cores: 0.97 },
    { host, slots: 2, hostCores: 2, cores: 0.97 },
  ],
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when computing takes all cores (L04)', job.CPU_SATURATED, 'warning tm-1'],
  ['adds up the TaskManagers of one machine', shared('host-1'), 'warning tm-1'],
  ['does not add up those of different machines', shared('host-2'), 'clear'],
  ['fires from 85 % of the cores', { ...job.CPU_BOUND, taskManagers: [{ hostCores: 2, cores: 1.71 }] }, 'warning tm-1'],
  ['is quiet just below: 84 %', { ...job.CPU_BOUND, taskManagers: [{ hostCores: 2, cores: 1.67 }] }, 'clear'],
  ['is quiet when the machine has room', job.CPU_BOUND, 'clear'],
  ['is quiet on a wait, however busy it looks', job.SLOW_LOOKUP, 'clear'],
  [
    'leaves garbage collection, which also burns CPU, to its own rule',
    { ...job.GC_PRESSURE, taskManagers: [{ cores: 1.95, gcRatio: 0.6 }] },
    'clear',
  ],
  ['is quiet while a backlog is worked off', { ...job.CATCHING_UP, taskManagers: [{ cores: 1.99 }] }, 'clear'],
  ['is quiet when CPU time is not told', { ...job.CPU_BOUND, taskManagers: [{ cores: 'unknown' }] }, 'clear'],
  [
    'is skipped without TaskManagers',
    { ...job.CPU_SATURATED, taskManagers: [] },
    'skipped: no TaskManager was read yet',
  ],
  [
    'is skipped without the configuration',
    { ...job.CPU_SATURATED, configuration: {} },
    'skipped: the configuration was not read yet',
  ],
  ['is skipped for a batch job', { ...job.CPU_SATURATED, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.CPU_SATURATED, tasks: 'INITIALIZING' }, NOT_RUNNING],
];

describe('bp-cpu-saturated-tm', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpCpuSaturatedTm);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpCpuSaturatedTm])).toEqual([]);
  });

  it('names the vertex that computes', () => {
    expect(only(judged(job.CPU_SATURATED, bpCpuSaturatedTm).findings).subject).toEqual({
      kind: 'taskmanager',
      taskManagerId: 'tm-1',
      vertexId: 'agg',
      vertexName: 'agg',
    });
  });

  it('with more slots than cores advises a core per slot, exactly', () => {
    const advice = only(judged(tooManySlots, bpCpuSaturatedTm).advice);
    expect(advice.changes).toEqual([
      { scope: 'taskmanager', key: 'taskmanager.numberOfTaskSlots', from: '4', to: 2, unit: 'slots' },
    ]);
    expect(advice.diffs['config.yaml']).toBe('- taskmanager.numberOfTaskSlots: 4\n+ taskmanager.numberOfTaskSlots: 2');
    expect(advice.cost).toEqual({ slots: 0, taskManagers: 1, memoryBytes: 1728 * 1024 * 1024 });
    expect(advice.risk.restart).toBe('cluster');
  });

  it('follows the machine: three cores, three slots', () => {
    const three = { ...tooManySlots, taskManagers: [{ slots: 4, hostCores: 3, cores: 2.9 }] };
    expect(only(judged(three, bpCpuSaturatedTm).advice).changes).toMatchObject([{ to: 3 }]);
  });

  it('with a core per slot asks for slots on other machines, and rejects more on this one', () => {
    const advice = only(judged(job.CPU_SATURATED, bpCpuSaturatedTm).advice);
    expect(advice.changes).toMatchObject([{ vertexId: 'agg', from: 2, to: 5 }]);
    expect(must(advice.prerequisites[0]).en).toContain('other machines');
    // Three more slots, none of them on this machine: two TaskManagers of two slots.
    expect(advice.cost).toMatchObject({ slots: 3, taskManagers: 2 });
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toContain('more subtasks on the same machine');
  });
});
