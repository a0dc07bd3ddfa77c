import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, START_MS, type JobSpec } from '../testing/job-builder.js';
import { HEALTHY } from '../testing/scenarios.js';
import { slotsNeededFor, slotCost } from '../tuning/slots.js';
import { signalsOf } from './signals.js';
import { slotsOf, type SlotSignal } from './slots.js';

const slots = (spec: JobSpec): SlotSignal => {
  const history = historyOf(spec);
  return slotsOf(history, signalsOf(history, nowOf(history)).job);
};
const grouped: JobSpec = {
  vertices: {
    src: { parallelism: 2 },
    agg: { parallelism: 6, inputs: { src: 'HASH' } },
    heavy: { parallelism: 3, inputs: { agg: 'HASH' }, slotSharingGroup: 'heavy' },
  },
};

describe('slotsOf', () => {
  it('needs the highest parallelism of each sharing group, added up (F13)', () => {
    expect(slots(grouped).needed).toBe(9);
    expect(slotsNeededFor(historyOf(grouped), new Map([['agg', 4]]))).toBe(7);
    expect(slotsNeededFor(historyOf(grouped), new Map([['src', 8]]))).toBe(11);
  });

  it('knows the slots of one TaskManager where all have the same', () => {
    expect(slots({ ...HEALTHY, taskManagers: [{ slots: 2 }, { slots: 2 }] }).perTaskManager).toBe(2);
    expect(slots({ ...HEALTHY, taskManagers: [{ slots: 2 }, { slots: 4 }] }).perTaskManager).toBeUndefined();
    expect(slots({ ...HEALTHY, taskManagers: [{ slots: 2 }, { slots: 4, goneAt: 100 }] }).perTaskManager).toBe(2);
  });

  it('knows since when the number of free slots has held', () => {
    const since = (free: (s: number) => number): number | undefined =>
      slots({ ...HEALTHY, slots: { total: 8, free } }).availableSinceMs;
    expect(since(() => 4)).toBe(START_MS);
    expect(since((s) => (s < 200 ? 2 : 4))).toBe(START_MS + 200_000);
    expect(since((s) => (s === 300 ? 2 : 4))).toBe(START_MS + 300_000);
  });

  it('counts tasks without a slot since the job entered its state', () => {
    const waiting = slots({ ...HEALTHY, tasks: 'SCHEDULED', stateSince: 40 });
    expect(waiting).toMatchObject({ waitingTasks: 6, waitingSinceMs: START_MS + 40_000 });
  });

  it('knows of no waiting while all tasks run', () => {
    const { waitingTasks, waitingSinceMs } = slots(HEALTHY);
    expect([waitingTasks, waitingSinceMs]).toEqual([0, undefined]);
  });
});

describe('slotCost', () => {
  const table: readonly (readonly [string, number, Partial<SlotSignal>, ReturnType<typeof slotCost>])[] = [
    ['free slots cost nothing', 3, { available: 3, perTaskManager: 2 }, { slots: 3, taskManagers: 0, memoryBytes: 0 }],
    [
      'what is missing costs TaskManagers',
      5,
      { available: 2, perTaskManager: 2 },
      { slots: 5, taskManagers: 2, memoryBytes: 200 },
    ],
    [
      'unknown sizes cost an unknown number: none is claimed',
      5,
      { available: 2 },
      { slots: 5, taskManagers: 0, memoryBytes: 0 },
    ],
    ['fewer slots cost none', -2, { available: 0, perTaskManager: 2 }, { slots: -2, taskManagers: 0, memoryBytes: 0 }],
  ];
  it.each(table)('%s', (_claim, extra, signal, cost) => {
    expect(slotCost(extra, { needed: 4, waitingTasks: 0, ...signal }, 100)).toEqual(cost);
  });
});
