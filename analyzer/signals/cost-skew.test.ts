import { describe, expect, it } from 'vitest';
import { vary } from '../testing/claims.js';
import { historyOf, nowOf, type JobSpec, type VertexSpec } from '../testing/job-builder.js';
import { only } from '../testing/must.js';
import * as job from '../testing/scenarios.js';
import type { CostSkew } from './cost-skew.js';
import { signalsOf } from './signals.js';

const costsIn = (spec: JobSpec): CostSkew => {
  const history = historyOf(spec);
  const signal = signalsOf(history, nowOf(history)).get('costSkew');
  if (!signal.ok) throw new Error(signal.reason.en);
  return signal.value;
};
const words = (spec: JobSpec): string => {
  const { slowTaskManagers, dearSubtasks } = costsIn(spec);
  const slow = slowTaskManagers.map(({ taskManagerId, vertexId }) => `slow ${taskManagerId} ${vertexId}`);
  return [...slow, ...dearSubtasks.map(({ vertexId, subtasks }) => `dear ${vertexId}[${subtasks.join(',')}]`)].join(
    ', ',
  );
};
const agg = (more: Partial<VertexSpec>): JobSpec => vary(job.DEAR_SUBTASK, { vertices: { agg: more } });
const map = (more: Partial<VertexSpec>): JobSpec => vary(job.NOISY_TASKMANAGER, { vertices: { map: more } });
/** One subtask on each TaskManager, of a map and a sink that both work. */
const pair = (mapBusy: readonly number[], sinkBusy: readonly number[], on: readonly number[] = [0, 1]): JobSpec => ({
  vertices: {
    src: { parallelism: 2, out: 200, lag: [2, 0], on },
    map: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: mapBusy, in: 200, on },
    sink: { parallelism: 2, inputs: { map: 'HASH' }, busy: sinkBusy, in: 200, on },
  },
  taskManagers: [{ slots: 2 }, { slots: 2 }],
});

/** Two of four TaskManagers are slow; the map has subtasks on these alone, and so no others to be slower than. */
const HALF_SLOW: JobSpec = {
  vertices: {
    src: { parallelism: 4, out: 200, lag: [2, 0], on: [0, 1, 2, 3] },
    map: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 0.99, in: 400, on: [0, 1] },
    sink: {
      parallelism: 8,
      inputs: { map: 'HASH' },
      busy: [0.98, 0.98, 0.98, 0.98, 0.31, 0.31, 0.31, 0.31],
      in: 100,
      on: [0, 0, 1, 1, 2, 2, 3, 3],
    },
  },
  taskManagers: [{ slots: 4 }, { slots: 4 }, { slots: 4 }, { slots: 4 }],
};

describe('costSkewOf', () => {
  const table: readonly (readonly [string, JobSpec, string])[] = [
    ['one subtask, and its sibling on the TaskManager is normal (L12b)', job.DEAR_SUBTASK, 'dear agg[2]'],
    ['two of four', agg({ busy: [0.8, 0.19, 0.74, 0.19] }), 'dear agg[0,2]'],
    ['just below twice the others', agg({ busy: [0.2, 0.19, 0.37, 0.19] }), ''],
    ['just above', agg({ busy: [0.2, 0.19, 0.41, 0.19] }), 'dear agg[2]'],
    ['uneven records are another matter', agg({ in: [300, 300, 460, 300] }), ''],
    ['a subtask with many records at the usual price (L05)', job.HOT_KEY, ''],
    ['a dear subtask alone on its TaskManager could be either', agg({ on: [0, 0, 1, 0] }), ''],
    ['both subtasks of a TaskManager (L22)', job.NOISY_TASKMANAGER, 'slow tm-2 map'],
    ['both at 1.5 times the price', map({ busy: [0.44, 0.66, 0.66, 0.44], in: 150 }), ''],
    ['both at 1.7 times the price', map({ busy: [0.44, 0.75, 0.75, 0.44], in: 150 }), 'slow tm-2 map'],
    ['one of the two', map({ busy: [0.44, 1, 0.44, 0.44], in: 150 }), 'dear map[1]'],
    ['all of them', map({ busy: 1, in: 150 }), ''],
    ['all on one TaskManager', map({ on: [0, 0, 0, 0] }), 'dear map[2,1]'],
    ['only one elsewhere is no measure', map({ on: [1, 1, 1, 0], busy: [1, 1, 1, 0.4], in: 150 }), ''],
    ['one subtask each of two vertices', pair([0.3, 0.8], [0.2, 0.5]), 'slow tm-2 map'],
    ['one subtask of one vertex, the other is normal', pair([0.3, 0.8], [0.3, 0.3]), 'dear map[1]'],
    ['one subtask of one vertex, the other does too little to tell', pair([0.3, 0.8], [0.05, 0.15]), ''],
    ['half of the TaskManagers, where another vertex has all its subtasks (garbage)', HALF_SLOW, ''],
    ['a vertex that does too little to tell', agg({ busy: [0.05, 0.05, 0.19, 0.05] }), ''],
    ['too few records a subtask', agg({ in: [0.5, 0.5, 0.5, 0.5] }), ''],
    ['busy that is not told', agg({ busy: 'unknown' }), ''],
    ['an even job (Z06)', job.RIGHT_SIZED, ''],
  ];
  it.each(table)('%s', (_claim, spec, said) => {
    expect(words(spec)).toBe(said);
  });

  it('tells by how much, and over what', () => {
    const dear = only(costsIn(job.DEAR_SUBTASK).dearSubtasks);
    expect(dear).toMatchObject({ windowMs: 180_000 });
    // Over the median of the others: .19 busy at 294 records/s.
    expect(dear.factor).toBeCloseTo(3.72, 1);
    expect(dear.secondsPerRecord).toBeCloseTo(0.74 / 316, 5);
    const slow = only(costsIn(job.NOISY_TASKMANAGER).slowTaskManagers);
    expect(slow).toMatchObject({ slowSubtasks: 2, slowVertices: 1, subtasks: [1, 2] });
    expect(slow.factor).toBeCloseTo(2.22, 1);
  });

  it('reads a source that does its own work by what it handles', () => {
    const chained: JobSpec = {
      vertices: { all: { parallelism: 4, busy: [0.2, 0.2, 0.8, 0.2], out: 100, lag: [2, 0], on: [0, 0, 1, 1] } },
      taskManagers: [{ slots: 2 }, { slots: 2 }],
    };
    expect(words(chained)).toBe('dear all[2]');
  });
});
