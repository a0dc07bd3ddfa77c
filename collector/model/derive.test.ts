import { describe, expect, it } from 'vitest';
import type { TaskManagerSample } from './cluster.js';
import { deriveSubtask, deriveTaskManager } from './derive.js';
import type { SubtaskSample } from './job.js';

const sample = (more: Partial<SubtaskSample>): SubtaskSample => ({
  atMs: 10_000,
  state: 'RUNNING',
  attempt: 0,
  startMs: 1,
  ...more,
});
const before = sample({ atMs: 0, busyMs: 0, idleMs: 0, backPressuredMs: 0, recordsIn: 0, recordsOut: 0 });

describe('deriveSubtask', () => {
  const table: readonly [string, SubtaskSample | undefined, SubtaskSample, ReturnType<typeof deriveSubtask>][] = [
    [
      'nothing from one reading but its levels',
      undefined,
      sample({ busyMs: 5, pendingRecords: 3, watermarkMs: 9 }),
      { pendingRecords: 3, watermarkMs: 9 },
    ],
    [
      'shares of the task’s own time, not of wall time',
      before,
      sample({ busyMs: 2_000, idleMs: 2_000, backPressuredMs: 1_000, recordsIn: 500, recordsOut: 250 }),
      { busyRatio: 0.4, idleRatio: 0.4, backPressuredRatio: 0.2, recordsInPerSecond: 100, recordsOutPerSecond: 50 },
    ],
    [
      'a step back of some milliseconds is no step',
      sample({ atMs: 0, busyMs: 10, idleMs: 0, backPressuredMs: 0 }),
      sample({ busyMs: 7, idleMs: 1_000, backPressuredMs: 0 }),
      { busyRatio: 0, idleRatio: 1, backPressuredRatio: 0 },
    ],
    [
      'wall time where the task’s own is not known (a legacy source has busy NaN)',
      sample({ atMs: 0, idleMs: 0, backPressuredMs: 0, recordsOut: 0 }),
      sample({ idleMs: 0, backPressuredMs: 5, recordsOut: 1_000 }),
      { recordsOutPerSecond: 100 },
    ],
    [
      'nothing where the task’s clock stands still: it was not read anew',
      before,
      sample({ busyMs: 0, idleMs: 0, backPressuredMs: 0, recordsIn: 0 }),
      {},
    ],
    [
      'nothing across a new attempt',
      before,
      sample({ attempt: 1, busyMs: 9, idleMs: 1, backPressuredMs: 0, recordsIn: 7 }),
      {},
    ],
    [
      'nothing across another start of the same attempt',
      before,
      sample({ startMs: 2, busyMs: 9, idleMs: 1, backPressuredMs: 0 }),
      {},
    ],
    [
      'no rate from a counter that went down',
      sample({ atMs: 0, busyMs: 0, idleMs: 0, backPressuredMs: 0, recordsIn: 9 }),
      sample({ busyMs: 500, idleMs: 500, backPressuredMs: 0, recordsIn: 1 }),
      { busyRatio: 0.5, idleRatio: 0.5, backPressuredRatio: 0 },
    ],
  ];
  it.each(table)('%s', (_claim, previous, current, rates) => {
    expect(deriveSubtask(previous, current)).toEqual(rates);
  });
});

describe('deriveTaskManager', () => {
  const first: TaskManagerSample = {
    atMs: 0,
    heapUsedBytes: 10,
    heapMaxBytes: 100,
    cpuTimeSeconds: 5,
    collectors: [{ name: 'G1_Young_Generation', count: 1, timeMs: 100 }],
  };
  const second: TaskManagerSample = {
    ...first,
    atMs: 10_000,
    heapUsedBytes: 50,
    cpuTimeSeconds: 20,
    networkSegmentsAvailable: 25,
    networkSegmentsTotal: 100,
    collectors: [{ name: 'G1_Young_Generation', count: 3, timeMs: 1_100 }],
  };

  it('needs two readings for what a process did, one for what it holds', () => {
    expect(deriveTaskManager(undefined, first)).toEqual({ heapUsedRatio: 0.1 });
    expect(deriveTaskManager(first, second)).toEqual({
      heapUsedRatio: 0.5,
      gcTimeRatio: 0.1,
      cpuCoresUsed: 1.5,
      networkUsedRatio: 0.75,
    });
  });

  it('says nothing about a process that started anew', () => {
    const restarted = {
      ...second,
      cpuTimeSeconds: 1,
      collectors: [{ name: 'G1_Young_Generation', count: 0, timeMs: 0 }],
    };
    const rates = deriveTaskManager(first, restarted);
    expect(rates).not.toHaveProperty('gcTimeRatio');
    expect(rates).not.toHaveProperty('cpuCoresUsed');
  });
});
