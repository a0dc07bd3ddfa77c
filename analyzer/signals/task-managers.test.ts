import { describe, expect, it } from 'vitest';
import { historyOf, MIB, nowOf, type JobSpec, type TaskManagerSpec } from '../testing/job-builder.js';
import { vary } from '../testing/claims.js';
import { must, only } from '../testing/must.js';
import { HEALTHY } from '../testing/scenarios.js';
import { loadOf } from './load.js';
import { historiesOf, runningHere, taskManagersOf, type TaskManagerLoad } from './task-managers.js';

const loads = (spec: JobSpec): readonly TaskManagerLoad[] => {
  const history = historyOf(spec);
  return taskManagersOf(history, loadOf(history, nowOf(history)), nowOf(history));
};
const load = (taskManager: TaskManagerSpec, samples = 30): TaskManagerLoad =>
  only(loads({ ...HEALTHY, samples, taskManagers: [taskManager] }));

describe('taskManagersOf', () => {
  it('takes rates over the last 90 s', () => {
    const tm = load({ gcRatio: 0.25, youngPerSecond: 5, fullPerSecond: 2, cores: 1.5 });
    expect(tm.windowMs).toBe(90_000);
    expect(must(tm.gcRatio)).toBeCloseTo(0.25, 2);
    expect(must(tm.collectionsPerSecond)).toBeCloseTo(7, 1);
    expect(must(tm.fullCollectionsPerSecond)).toBeCloseTo(2, 1);
    expect(must(tm.gcPauseMs)).toBeCloseTo(36, 0);
    expect(must(tm.cpuCoresUsed)).toBeCloseTo(1.5, 2);
  });

  it.each([
    ['over the last minute, as the busy times of tasks are', 10, 2],
    ['over what there is where readings are half a minute apart', 30, 1.33],
  ])('takes CPU %s', (_claim, everySeconds, cores) => {
    const history = historyOf({ ...HEALTHY, samples: 30 });
    const tm = must(history.taskManagers[0]);
    const lastMs = must(tm.samples.at(-1)).atMs;
    // Nothing until a minute ago, two cores from then on.
    const samples = tm.samples
      .filter(({ atMs }) => (lastMs - atMs) % (everySeconds * 1000) === 0)
      .map((sample) => ({ ...sample, cpuTimeSeconds: Math.max(0, (2 * (sample.atMs - lastMs + 60_000)) / 1000) }));
    const changed = { ...history, taskManagers: [{ ...tm, samples }] };
    expect(must(only(taskManagersOf(changed, new Map(), lastMs)).cpuCoresUsed)).toBeCloseTo(cores, 1);
  });

  it('reads the troughs and peaks of the heap', () => {
    const tm = load({ heap: { low: 100, high: 400, max: 512 } });
    expect([tm.heapLowBytes, tm.heapHighBytes, tm.heapMaxBytes]).toEqual([100 * MIB, 400 * MIB, 512 * MIB]);
  });

  const concurrent = ['ZGC_Cycles', 'ZGC_Major_Cycles', 'Shenandoah_Cycles', 'G1_Concurrent_GC'];
  it.each(concurrent)('does not count %s: it works beside the program', (collector) => {
    expect(must(load({ collector, gcRatio: 0.5 }).gcRatio)).toBe(0);
  });

  it.each(['ZGC_Pauses', 'Copy', 'MarkSweepCompact', 'G1_Young_Generation'])('counts %s', (collector) => {
    expect(must(load({ collector, gcRatio: 0.5 }).gcRatio)).toBeCloseTo(0.5, 2);
  });

  it('says nothing of rates from fewer than three readings', () => {
    const tm = load({ gcRatio: 0.5 }, 1);
    expect([tm.gcRatio, tm.cpuCoresUsed, tm.windowMs]).toEqual([undefined, undefined, 0]);
    expect(tm.heapUsedBytes).toBeDefined();
  });

  it('says nothing while its metric lists are empty (fact 4)', () => {
    const tm = load({ silent: true });
    expect([tm.gcRatio, tm.cpuCoresUsed, tm.heapLowBytes, tm.managedUsedBytes]).toEqual(Array(4).fill(undefined));
  });

  it('does not count a reading twice that REST repeats', () => {
    const history = historyOf({ ...HEALTHY, taskManagers: [{ gcRatio: 0.2 }] });
    const tm = must(history.taskManagers[0]);
    const frozen = tm.samples.map((sample, i) => ({ ...must(tm.samples[i - (i % 2)]), atMs: sample.atMs }));
    const repeated = { ...history, taskManagers: [{ ...tm, samples: frozen }] };
    expect(only(taskManagersOf(repeated, new Map(), nowOf(history))).samples).toBe(6);
  });

  it('adds up the busy shares of the subtasks that run there', () => {
    const spec = vary(HEALTHY, { vertices: { map: { busy: [0.3, 0.4], on: [0, 1] }, agg: { busy: 0.1, on: [1, 1] } } });
    const [first, second] = loads({ ...spec, taskManagers: [{}, {}] });
    expect(must(first)).toMatchObject({ vertexIds: ['src', 'map'] });
    expect(must(first).busySum).toBeCloseTo(0.34, 2);
    expect(must(second).busySum).toBeCloseTo(0.6, 2);
  });

  it('knows one that is gone', () => {
    expect(loads({ ...HEALTHY, taskManagers: [{}, { goneAt: 100 }] }).map(({ gone }) => gone)).toEqual([false, true]);
  });
});

describe('a cluster of many jobs', () => {
  const THREE = { ...HEALTHY, samples: 30, taskManagers: [{}, {}, {}] };
  const history = historyOf(THREE);
  const nowMs = nowOf(history);
  const load = loadOf(history, nowMs);

  it('derives a TaskManager once for all jobs that have no task there', () => {
    const [own, others] = [taskManagersOf(history, load, nowMs), taskManagersOf(history, new Map(), nowMs)];
    const busy = own.filter(({ vertexIds }) => vertexIds.length > 0);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy.length).toBeLessThan(3);
    own.forEach((tm, i) => expect(tm === others[i]).toBe(!busy.includes(tm)));
  });

  it('has those that run the job, and what is kept of them, in their order', () => {
    const all = taskManagersOf(history, load, nowMs);
    const here = runningHere(all);
    expect(here).toEqual(all.filter(({ vertexIds }) => vertexIds.length > 0));
    expect(historiesOf(history, here).map(({ taskManagerId }) => taskManagerId)).toEqual(
      here.map(({ taskManagerId }) => taskManagerId),
    );
    expect(historiesOf(history, [{ ...must(here[0]), taskManagerId: 'unknown' }])).toEqual([]);
  });

  it('one that is gone runs nothing', () => {
    const [first] = taskManagersOf(history, load, nowMs);
    expect(runningHere([{ ...must(first), gone: true, vertexIds: ['a'] }])).toEqual([]);
  });
});
