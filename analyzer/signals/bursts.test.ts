import { describe, expect, it } from 'vitest';
import { vary } from '../testing/claims.js';
import { historyOf, type JobSpec, type VertexSpec } from '../testing/job-builder.js';
import { only } from '../testing/must.js';
import { BURSTY_WINDOW, HEALTHY } from '../testing/scenarios.js';
import { burstsOf, type Bursts } from './bursts.js';
import { jobFacts } from './job-facts.js';

const bursts = (spec: JobSpec): readonly Bursts[] => {
  const history = historyOf(spec);
  return burstsOf(history, jobFacts(history));
};
const win = (more: Partial<VertexSpec>): JobSpec => vary(BURSTY_WINDOW, { vertices: { win: more } });
/** Busy of the steps, over and over. */
const steps =
  (...shares: readonly number[]) =>
  (seconds: number): number =>
    shares[(seconds / 10) % shares.length] ?? 0;

describe('burstsOf', () => {
  it('knows period, length and rest (L14)', () => {
    const found = only(bursts(BURSTY_WINDOW));
    expect(found).toMatchObject({ vertexId: 'win', subtasks: [0, 1], periodMs: 30_000 });
    expect(found.count).toBeGreaterThanOrEqual(5);
    expect(found.burstMs / 1000).toBeCloseTo(14.8, 0);
    expect([found.busyInBursts, found.busyBetween].map((ratio) => Math.round(ratio * 100))).toEqual([70, 3]);
    expect(found.inputPressure).toBeGreaterThan(0.5);
    expect(found.inputPressureBetween).toBeLessThan(0.05);
  });

  const cases: readonly (readonly [string, JobSpec, number])[] = [
    ['sees a burst over the border of two readings', win({ busy: steps(0.6, 0.6, 0), in: steps(100, 100, 600) }), 1],
    ['sees a window of a minute', win({ busy: steps(1, 1, 0.1, 0, 0, 0), in: steps(0, 0, 9, 9, 9, 9) }), 1],
    ['fires from half a reading on', win({ busy: steps(0.5, 0.5, 0.1), in: 100 }), 1],
    ['not just below', win({ busy: steps(0.49, 0.49, 0.1), in: 100 }), 0],
    ['rests at a quarter', win({ busy: steps(0.9, 0.25), in: 100 }), 1],
    ['not just above', win({ busy: steps(0.9, 0.26), in: 100 }), 0],
    ['wants a mean of a quarter', win({ busy: steps(0.7, 0, 0), in: 100 }), 0],
    ['wants a rest now and then', win({ busy: steps(1, 1, 1, 1, 1, 1, 0.1), in: 100 }), 0],
    ['is not fooled by records that come in bursts', win({ busy: steps(0.9, 0.05), in: steps(900, 50) }), 0],
    ['nor by a vertex that is held back', win({ busy: steps(0.7, 0.1), bp: steps(0.3, 0), in: 100 }), 0],
    [
      'nor by bursts without a clock',
      win({ busy: steps(1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1), in: 100 }),
      0,
    ],
    ['nor by a constant load', win({ busy: 0.42, in: 250 }), 0],
    ['leaves sources alone', vary(HEALTHY, { vertices: { src: { busy: steps(1, 0), out: 10 } } }), 0],
    ['knows nothing of readings a minute apart', win({ readEvery: 6 }), 0],
    ['wants three bursts', { ...BURSTY_WINDOW, samples: 8 }, 0],
  ];
  it('sees a window of a minute at almost every moment', () => {
    const minute = win({ busy: steps(1, 1, 0.1, 0, 0, 0), in: steps(0, 0, 9, 9, 9, 9) });
    const seen = [30, 31, 32, 33, 34, 35].map((samples) => bursts({ ...minute, samples })[0]?.periodMs);
    expect(seen.filter((periodMs) => periodMs === 60_000).length).toBeGreaterThanOrEqual(5);
  });

  it.each(cases)('%s', (_claim, spec, count) => {
    expect(bursts(spec)).toHaveLength(count);
  });
});
