import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { MIB, type JobSpec, type TaskManagerSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { gcLiveSetHigh } from './gc-live-set-high.js';

/** L24b: the heap never falls below .88, 7.7 young collections a second, ratio .034. */
const FULL: TaskManagerSpec = {
  gcRatio: 0.034,
  youngPerSecond: 7.7,
  heap: { low: 451, high: 505, max: 512 },
  managed: { used: 512, total: 512 },
};
const on = (taskManager: TaskManagerSpec, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: [{ ...FULL, ...taskManager }],
  ...more,
});
const low = (mib: number): TaskManagerSpec => ({ heap: { low: mib, high: 508, max: 512 } });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the TaskManager whose heap stays full (L24b)', on({}), 'critical tm-1'],
  ['is a warning from 70 %', on(low(359)), 'warning tm-1'],
  ['is quiet just below', on(low(358)), 'clear'],
  ['is critical from 85 %', on(low(436)), 'critical tm-1'],
  ['is quiet about a quiet heap without collections (L34, L37)', on({ youngPerSecond: 0.05, gcRatio: 0.001 }), 'clear'],
  ['needs a collection a second', on({ youngPerSecond: 0.98 }), 'clear'],
  ['fires on little more than that', on({ youngPerSecond: 1.05 }), 'critical tm-1'],
  ['is quiet about a saw tooth with low troughs', on(low(60)), 'clear'],
  [
    'is quiet about a TaskManager that is gone',
    { ...vary(on({}), { vertices: { agg: { on: [0, 1] } } }), taskManagers: [{}, { ...FULL, goneAt: 295 }] },
    'clear',
  ],
  ['judges batch jobs too', on({}, { batch: true }), 'critical tm-1'],
  ['is skipped without TaskManagers', { ...job.HEALTHY, taskManagers: [] }, 'skipped: no TaskManager was read yet'],
  ['is skipped while tasks are deployed', on({}, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('gc-live-set-high', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, gcLiveSetHigh);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [gcLiveSetHigh])).toEqual([]);
  });

  it('is skipped, not clear, while TaskManagers do not tell their heap (fact 4)', () => {
    expect(verdictOf(judged({ ...job.HEALTHY, taskManagers: [{ silent: true }] }, gcLiveSetHigh))).toMatch(
      /^skipped: /,
    );
  });

  it('gives twice the live set', () => {
    const advice = only(judged(on({}), gcLiveSetHigh).advice);
    const change = only(advice.changes);
    expect(change).toMatchObject({ key: 'taskmanager.memory.process.size', from: '1728m' });
    // 902 MiB of heap: Flink memory 2060, metaspace 256, a tenth for the JVM.
    expect(change.to).toBe('2574m');
    expect(advice.cost.memoryBytes).toBe((2574 - 1728) * MIB);
    expect(must(advice.expected[0])).toMatchObject({ metric: 'heapLowRatio', to: 0.5 });
  });

  it('follows the readings', () => {
    expect(only(only(judged(on(low(400)), gcLiveSetHigh).advice).changes).to).toBe('2347m');
  });

  it('takes idle managed memory first', () => {
    const advice = only(judged(on({ managed: { used: 0, total: 512 } }), gcLiveSetHigh).advice);
    expect(advice.changes).toMatchObject([{ key: 'taskmanager.memory.managed.size', to: '0m' }]);
  });
});
