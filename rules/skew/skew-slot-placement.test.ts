import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec, type TaskManagerSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { slotsNotSpread } from '../capacity/slots-not-spread.js';
import { RULES } from '../index.js';
import { skewSlotPlacement } from './skew-slot-placement.js';

const tm = (cores: number | 'unknown', more: TaskManagerSpec = {}): TaskManagerSpec => ({
  slots: 2,
  slotsFree: 0,
  hostCores: 2,
  cores,
  ...more,
});

/** L23: src(6), agg(3) on three TaskManagers of two slots: two of the heavy aggregations share one machine. */
const STACKED: JobSpec = {
  flink: '2.3.0',
  vertices: {
    src: { parallelism: 6, busy: 0.05, bp: 0.9, out: 300, on: [0, 0, 1, 1, 2, 2] },
    agg: { parallelism: 3, inputs: { src: 'HASH' }, busy: [1, 1, 0.6], in: 600, on: [0, 0, 1] },
  },
  taskManagers: [tm(1.95), tm(0.8), tm(0.1)],
};
const cpus = (...cores: readonly (number | 'unknown')[]): JobSpec => ({
  ...STACKED,
  taskManagers: cores.map((used) => tm(used)),
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires where heavy tasks share a machine (L23)', STACKED, 'warning tm-1'],
  ['fires from 85 % of the machine', cpus(1.72, 0.5, 0.1), 'warning tm-1'],
  ['is quiet just below: the machine has room', cpus(1.68, 0.5, 0.1), 'clear'],
  ['is quiet when the others are nearly as full', cpus(1.95, 1.5, 1.1), 'clear'],
  [
    'is quiet when its tasks work as the others do: something else takes the CPU',
    vary(STACKED, { vertices: { agg: { busy: [0.3, 0.3, 0.6] }, src: { busy: [0.05, 0.05, 0.05, 0.05, 0.6, 0.6] } } }),
    'clear',
  ],
  [
    'is quiet when tasks are spread',
    vary(STACKED, { vertices: { agg: { on: [0, 1, 2], busy: [1, 0.1, 0.1] } } }),
    'clear',
  ],
  [
    'is quiet when no vertex is stacked, only the number of vertices there is higher',
    {
      ...STACKED,
      vertices: {
        src: { parallelism: 3, busy: 0.05, out: 300, on: [0, 1, 2] },
        a: { parallelism: 1, inputs: { src: 'REBALANCE' }, busy: 1, in: 900, on: [0] },
        b: { parallelism: 1, inputs: { a: 'REBALANCE' }, busy: 1, in: 900, on: [0] },
      },
    },
    'clear',
  ],
  [
    'leaves unevenly used slots to slots-not-spread',
    { ...STACKED, taskManagers: [tm(1.95, { slots: 4 }), tm(0.8), tm(0.1, { slotsFree: 1 })] },
    'clear',
  ],
  [
    'leaves a hot key to its own rule',
    vary(STACKED, { vertices: { agg: { in: [1500, 150, 150], busy: [1, 0.1, 0.1] } } }),
    'clear',
  ],
  [
    'is quiet with several slot sharing groups: someone decided that',
    vary(STACKED, { vertices: { agg: { slotSharingGroup: 'heavy' } } }),
    'clear',
  ],
  [
    'is quiet on one machine: spreading gains no core',
    { ...STACKED, taskManagers: [tm(1.95, { host: 'a' }), tm(0.8, { host: 'a' }), tm(0.1, { host: 'a' })] },
    'clear',
  ],
  ['is quiet on one TaskManager', job.CPU_SATURATED, 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is skipped without CPU times',
    cpus('unknown', 'unknown', 'unknown'),
    'skipped: no TaskManager tells its CPU time (Status.JVM.CPU.Time)',
  ],
  ['is skipped for a batch job', { ...STACKED, batch: true }, BATCH],
  ['is skipped while tasks wait for slots', { ...STACKED, tasks: 'SCHEDULED' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...STACKED, samples: 3 }, WARMING_UP],
];

describe('skew-slot-placement', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewSlotPlacement);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewSlotPlacement])).toEqual([]);
  });

  it('and slots-not-spread never tell of the same machine', () => {
    expect(verdictOf(judged(STACKED, slotsNotSpread))).toBe('clear');
    const unused: JobSpec = {
      ...vary(STACKED, { vertices: { src: { parallelism: 2, on: [0, 0] }, agg: { parallelism: 2, on: [0, 0] } } }),
      taskManagers: [tm(1.95), tm(0.05, { slotsFree: 2 })],
    };
    expect(verdictOf(judged(unused, slotsNotSpread))).toBe('warning tm-1');
    expect(verdictOf(judged(unused, skewSlotPlacement))).toBe('clear');
  });

  it('spreads the tasks where Flink can (2.2)', () => {
    expect(only(judged(STACKED, skewSlotPlacement).advice).changes).toMatchObject([
      { key: 'taskmanager.load-balance.mode', from: null, to: 'TASKS' },
    ]);
  });

  it('before, gives the vertex as many subtasks as the widest has, which costs no slot', () => {
    const before: JobSpec = { ...STACKED, flink: '1.20.3' };
    const advice = only(judged(before, skewSlotPlacement).advice);
    expect(advice).toMatchObject({ kind: 'parallelism', changes: [{ vertexId: 'agg', from: 3, to: 6 }] });
    const capped = vary(before, { vertices: { agg: { maxParallelism: 3 } } });
    expect(judged(capped, skewSlotPlacement).advice).toEqual([]);
  });

  it('is the root of the full machine', () => {
    const { findings } = live(historyOf(STACKED), RULES).last;
    const roleOf = (id: string): string | undefined => findings.find(({ rule }) => rule === id)?.role;
    expect([roleOf('skew-slot-placement'), roleOf('bp-bottleneck')]).toEqual(['root', 'symptom']);
  });
});
