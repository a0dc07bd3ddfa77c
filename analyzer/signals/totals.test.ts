import { describe, expect, it } from 'vitest';
import type { SubtaskSample } from '../../collector/model/index.js';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { must } from '../testing/must.js';
import { HEALTHY, HOT_KEY, SLOW_LOOKUP } from '../testing/scenarios.js';
import { signalsOf } from './signals.js';
import { fromTotals } from './totals.js';

/** What a first look has: the last reading of each subtask and nothing before it. */
function firstLook(spec: JobSpec): ReturnType<typeof historyOf> {
  const history = historyOf(spec);
  return {
    ...history,
    vertices: history.vertices.map((vertex) => ({
      ...vertex,
      subtasks: vertex.subtasks.map(({ subtask, samples }) => ({ subtask, samples: samples.slice(-1) })),
    })),
  };
}

describe('fromTotals', () => {
  it('lays accumulated totals out over the attempt: right on average', () => {
    const history = fromTotals(firstLook({ ...SLOW_LOOKUP, samples: 90 }));
    const load = signalsOf(history, nowOf(history)).get('load');
    expect(load.ok && must(load.value.get('map'))).toMatchObject({ busyMax: expect.closeTo(1, 2) as number });
    expect(load.ok && must(load.value.get('map')).recordsInPerSecond).toBeCloseTo(400, 0);
  });

  it('finds a hot key at the first look', () => {
    const history = fromTotals(firstLook({ ...HOT_KEY, samples: 90 }));
    const skew = signalsOf(history, nowOf(history)).get('skew');
    expect(skew.ok && skew.value.map(({ kind, subtasks }) => [kind, subtasks])).toEqual([['hot-key', [2]]]);
  });

  it('forgets the lag: seen once, it neither grows nor falls', () => {
    const history = fromTotals(firstLook({ ...SLOW_LOOKUP, samples: 90 }));
    const lag = signalsOf(history, nowOf(history)).get('lag');
    expect(lag.ok && lag.value.phase).toBe('none');
  });

  it('says nothing of a subtask that runs for less than two minutes', () => {
    const history = fromTotals(firstLook({ ...HEALTHY, samples: 11 }));
    expect(signalsOf(history, nowOf(history)).get('load').ok).toBe(false);
  });

  it('keeps the counters of the last reading as they are', () => {
    const before = firstLook({ ...HEALTHY, samples: 90 });
    const last = (history: typeof before): SubtaskSample =>
      must(must(must(history.vertices[0]).subtasks[0]).samples.at(-1));
    const { pendingRecords: _gauge, ...counters } = last(before);
    expect(last(fromTotals(before))).toEqual(counters);
  });
});
