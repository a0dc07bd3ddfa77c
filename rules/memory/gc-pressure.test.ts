import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, MIB, type JobSpec, type TaskManagerSpec } from '../../analyzer/testing/job-builder.js';
import { judge } from '../../analyzer/testing/judge.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { gcPressure } from './gc-pressure.js';

const BUSY: TaskManagerSpec = {
  gcRatio: 0.73,
  youngPerSecond: 186,
  fullPerSecond: 12,
  cores: 1.44,
  heap: { low: 300, high: 500, max: 512 },
};
const on = (taskManager: TaskManagerSpec, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.GC_PRESSURE,
  taskManagers: [{ ...BUSY, ...taskManager }],
  ...more,
});
const twoMachines: JobSpec = {
  ...vary(job.GC_PRESSURE, { vertices: { src: { on: [0, 0] }, map: { on: [1, 1] } } }),
  taskManagers: [{}, BUSY],
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the TaskManager that collects (L24)', job.GC_PRESSURE, 'critical tm-1'],
  ['names only the one of two that collects', twoMachines, 'critical tm-2'],
  ['is a warning from a tenth of the time', on({ gcRatio: 0.1 }), 'warning tm-1'],
  ['is quiet just below', on({ gcRatio: 0.099 }), 'clear'],
  ['is critical from 30 %', on({ gcRatio: 0.3 }), 'critical tm-1'],
  ['is a warning just below', on({ gcRatio: 0.299 }), 'warning tm-1'],
  [
    'is quiet about a heap that is merely full: ratio .034 (L24b)',
    on({ gcRatio: 0.034, youngPerSecond: 7.7, fullPerSecond: 0 }),
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'does not count collectors that work beside the program',
    on({ collector: 'ZGC_Cycles', fullPerSecond: 0 }),
    'clear',
  ],
  [
    'is quiet about a TaskManager that runs nothing of this job',
    vary(twoMachines, { vertices: { map: { on: [0, 0] } } }),
    'clear',
  ],
  [
    'is quiet about a TaskManager that is gone',
    { ...twoMachines, taskManagers: [{}, { ...BUSY, goneAt: 295 }] },
    'clear',
  ],
  ['judges batch jobs too', on({}, { batch: true }), 'critical tm-1'],
  [
    'is quiet with two readings: that is no ratio yet',
    on({}, { samples: 1 }),
    'skipped: too few settled readings yet: a verdict on load needs about a minute of running tasks',
  ],
  ['is skipped without TaskManagers', { ...job.GC_PRESSURE, taskManagers: [] }, 'skipped: no TaskManager was read yet'],
  [
    'is skipped, with the reason, when they cannot be read',
    { ...job.GC_PRESSURE, taskManagers: [], missing: ['/taskmanagers'] },
    'skipped: /taskmanagers could not be read: HTTP 500',
  ],
  ['is skipped while tasks are deployed', on({}, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('gc-pressure', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, gcPressure);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [gcPressure])).toEqual([]);
  });

  it('is skipped, not clear, while TaskManagers do not tell their collections (fact 4)', () => {
    expect(verdictOf(judged({ ...job.GC_PRESSURE, taskManagers: [{ silent: true }] }, gcPressure))).toMatch(
      /^skipped: /,
    );
  });

  it('names the vertex that suffers', () => {
    expect(only(judged(job.GC_PRESSURE, gcPressure).findings).subject).toMatchObject({ vertexId: 'map' });
  });

  it('turns idle managed memory into heap before it asks for more', () => {
    const advice = only(judged(on({ gcRatio: 0.1, heap: { low: 100, high: 400, max: 512 } }), gcPressure).advice);
    // A tenth is to become a twentieth: the free part of the heap doubles, 100 + 2 · 412 MiB.
    expect(advice.changes).toEqual([
      { scope: 'taskmanager', key: 'taskmanager.memory.managed.size', from: null, to: '0m', unit: 'bytes' },
    ]);
    expect(advice.cost.memoryBytes).toBe(0);
    expect(advice.diffs['config.yaml']).toBe('+ taskmanager.memory.managed.size: 0m');
    expect(advice.prerequisites.map(({ en }) => en)).toContain(
      'no job on this cluster uses RocksDB, Python or batch operators',
    );
  });

  it('asks for a larger process by Flink’s memory model when managed memory is in use', () => {
    const rocks = on({ gcRatio: 0.1, heap: { low: 100, high: 400, max: 512 }, managed: { used: 512, total: 512 } });
    const advice = only(judged(rocks, gcPressure).advice);
    const change = only(advice.changes);
    expect(change).toMatchObject({ key: 'taskmanager.memory.process.size', from: '1728m' });
    // Half of Flink's memory is heap, less 128 MiB: 924 = F/2 − 128, and overhead (10 %) and metaspace (256) come on top.
    expect(change.to).toBe('2623m');
    expect(advice.cost.memoryBytes).toBe((2623 - 1728) * MIB);
  });

  it('follows the readings: the more time it takes the more heap, up to four times the free part', () => {
    const heapFor = (gcRatio: number): string => {
      const rocks = on({ gcRatio, heap: { low: 100, high: 400, max: 512 }, managed: { used: 512, total: 512 } });
      return String(only(only(judged(rocks, gcPressure).advice).changes).to);
    };
    expect([0.1, 0.15, 0.2, 0.7].map(heapFor)).toEqual(['2623m', '3538m', '4454m', '4454m']);
  });

  it('gives no advice when the process size is not known', () => {
    const history = historyOf(on({}, { configuration: { 'rest.port': '8081' } }));
    const unknown = { ...history, taskManagers: history.taskManagers.map((tm) => ({ ...tm, memory: {} })) };
    const verdict = judge(unknown, [gcPressure]);
    expect(verdictOf(verdict)).toBe('critical tm-1');
    expect(verdict.advice).toEqual([]);
  });

  it('rejects parallelism: the subtasks share the heap', () => {
    expect(must(only(judged(job.GC_PRESSURE, gcPressure).advice).rejected[0]).alternative.en).toBe(
      'more parallelism on the same TaskManagers',
    );
  });
});
