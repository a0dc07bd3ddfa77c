import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { HEALTHY } from '../testing/scenarios.js';
import { networkNeeds, networkUsedLow } from './network-buffers.js';

/** Two vertices of four on two TaskManagers of two slots. */
const spread = (more: Partial<JobSpec> = {}, on: readonly number[] = [0, 0, 1, 1]): JobSpec => ({
  vertices: {
    src: { parallelism: 4, out: 10, on },
    agg: { parallelism: 4, inputs: { src: 'HASH' }, in: 10, on },
  },
  taskManagers: [
    { slots: 2, buffers: { total: 1000, free: 900 } },
    { slots: 2, buffers: { total: 1000, free: 950 } },
  ],
  ...more,
});

describe('networkNeeds', () => {
  it('counts two gates with two remote channels and two partitions of four', () => {
    const [first, second] = networkNeeds(historyOf(spread())) ?? [];
    const placed = { required: 2 * (2 * 2 + 1) + 2 * 5, wanted: 2 * (2 * 2 + 8) + 2 * 16 };
    expect(first).toEqual({ taskManagerId: 'tm-1', total: 1000, placed, packed: placed });
    expect(second?.placed).toEqual(placed);
  });

  it('sees what filled TaskManagers will ask for, where they are half empty now', () => {
    const wide = spread({ taskManagers: Array.from({ length: 4 }, () => ({ slots: 2, buffers: { total: 1000, free: 0 } })) }, [0, 1, 2, 3]); // prettier-ignore
    const [first] = networkNeeds(historyOf(wide)) ?? [];
    expect(first?.placed.required).toBe(2 * 3 + 1 + 5);
    expect(first?.packed?.required).toBe(2 * (2 * 2 + 1) + 2 * 5);
  });

  it('needs no exclusive buffers on one TaskManager', () => {
    const alone = spread({ taskManagers: [{ slots: 4, buffers: { total: 9, free: 0 } }] }, [0, 0, 0, 0]);
    expect(networkNeeds(historyOf(alone))?.[0]?.placed).toEqual({ required: 4 + 4 * 5, wanted: 4 * 8 + 4 * 16 });
  });

  it('counts a pointwise exchange by its channels', () => {
    const rescaled: JobSpec = {
      ...spread(),
      vertices: {
        src: { parallelism: 2, out: 10, on: [0, 0] },
        map: { parallelism: 4, inputs: { src: 'RESCALE' }, in: 5, on: [0, 0, 0, 0] },
        sink: { parallelism: 4, inputs: { map: 'FORWARD' }, in: 5, on: [0, 0, 0, 0] },
      },
    };
    expect(networkNeeds(historyOf(rescaled))?.[0]?.placed.required).toBe(2 * 3 + 4 * 1 + 4 * 2 + 4 * 1);
  });

  it('knows no packing with several slot sharing groups', () => {
    const { src, agg } = spread().vertices;
    if (src === undefined || agg === undefined) throw new Error('no such vertex');
    const groups = spread({ vertices: { src: { ...src, slotSharingGroup: 'a' }, agg: { ...agg, slotSharingGroup: 'b' } } }); // prettier-ignore
    expect(networkNeeds(historyOf(groups))?.[0]).not.toHaveProperty('packed');
  });

  it('counts exchanges that are alike as often as there are', () => {
    const on = [0, 0, 1, 1];
    const chain = spread({
      vertices: {
        src: { parallelism: 4, out: 10, on },
        ...Object.fromEntries(
          ['a', 'b', 'c'].map((id, i, all) => [
            id,
            { parallelism: 4, inputs: { [all[i - 1] ?? 'src']: 'HASH' as const }, in: 10, out: 10, on },
          ]),
        ),
      },
    });
    const [one, three] = [spread(), chain].map((spec) => networkNeeds(historyOf(spec))?.[0]?.placed);
    expect(three).toEqual({ required: 3 * (one?.required ?? 0), wanted: 3 * (one?.wanted ?? 0) });
  });

  it('sees that tasks have moved, and another configuration, in a graph that stays', () => {
    const [before, after] = [historyOf(spread()), historyOf(spread({}, [0, 0, 0, 0]))];
    const moved = { ...before, vertices: after.vertices };
    expect(networkNeeds(before)).toHaveLength(2);
    expect(networkNeeds(moved)).toEqual(networkNeeds(after));
    expect(networkNeeds({ ...before })?.[0]?.placed).toEqual(networkNeeds(before)?.[0]?.placed);
    const configuration = { 'taskmanager.network.memory.buffers-per-channel': '4' };
    expect(networkNeeds({ ...before, configuration })?.[0]?.placed).toEqual(
      networkNeeds({ ...historyOf(spread()), configuration })?.[0]?.placed,
    );
  });

  it('leaves out blocking exchanges', () => {
    const { src, agg } = spread().vertices;
    if (src === undefined || agg === undefined) throw new Error('no such vertex');
    const blocking = spread({ vertices: { src, agg: { ...agg, blocking: true } } });
    expect(networkNeeds(historyOf(blocking))?.[0]?.placed).toEqual({ required: 0, wanted: 0 });
  });

  it('takes the budget where no metric tells the buffers, and nothing where neither does', () => {
    const silent = historyOf(spread({ taskManagers: [{}, {}] }));
    expect(networkNeeds(silent)).toBeUndefined();
    const budgeted = silent.taskManagers.map((tm) => ({ ...tm, memory: { networkBytes: 64 * 1024 * 1024 } }));
    expect(networkNeeds({ ...silent, taskManagers: budgeted })?.[0]?.total).toBe(2048);
    const small = { ...silent, taskManagers: budgeted, configuration: { 'taskmanager.memory.segment-size': '8kb' } };
    expect(networkNeeds(small)?.[0]?.total).toBe(8192);
  });

  it('says nothing before the tasks have a place', () => {
    expect(networkNeeds(historyOf({ ...HEALTHY, tasks: 'SCHEDULED' }))).toBeUndefined();
  });
});

describe('networkUsedLow', () => {
  it('is the lowest share in use, from three readings on', () => {
    const history = historyOf(spread());
    expect(networkUsedLow(history, 'tm-1', nowOf(history) - 60_000)).toBeCloseTo(0.1, 9);
    expect(networkUsedLow(history, 'tm-1', nowOf(history) - 10_000)).toBeUndefined();
    expect(networkUsedLow(history, 'tm-9', 0)).toBeUndefined();
  });
});
