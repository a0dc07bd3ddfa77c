import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { must } from '../testing/must.js';
import { loadOf } from './load.js';
import { placementsOf, type Placement } from './placement.js';

/** L23: six readers over three TaskManagers, and the three aggregations filled into the first slots. */
const spec: JobSpec = {
  vertices: {
    src: { parallelism: 6, busy: 0.1, out: 100, on: [0, 0, 1, 1, 2, 2] },
    agg: { parallelism: 3, inputs: { src: 'HASH' }, busy: 0.9, in: 200, on: [0, 0, 1] },
  },
  taskManagers: [{ slots: 2 }, { slots: 2 }, { slots: 2 }, { slots: 2 }],
};

const placed = (more: Partial<JobSpec> = {}): readonly Placement[] => {
  const history = historyOf({ ...spec, ...more });
  return placementsOf(history, loadOf(history, nowOf(history)));
};

describe('placementsOf', () => {
  it('counts tasks and their busy time where they run, and names what is stacked', () => {
    const [first, second, third, ...rest] = placed();
    expect(rest).toEqual([]);
    expect([first, second, third].map((tm) => [tm?.taskManagerId, tm?.tasks, tm?.stacked])).toEqual([
      ['tm-1', 4, ['agg']],
      ['tm-2', 3, []],
      ['tm-3', 2, []],
    ]);
    expect(must(first).busySum).toBeCloseTo(2, 2);
  });

  it('leaves out one that is gone', () => {
    const gone = [{ slots: 2 }, { slots: 2 }, { slots: 2, goneAt: 10 }];
    expect(placed({ taskManagers: gone }).map(({ taskManagerId }) => taskManagerId)).toEqual(['tm-1', 'tm-2']);
  });
});
