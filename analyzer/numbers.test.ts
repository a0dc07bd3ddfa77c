import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clamp, max, mean, median, min, present, quantile, robustSlope, sum, variation } from './numbers.js';

describe('of nothing', () => {
  it.each([mean, max, min, median, variation] as const)('%o is unknown, not NaN', (statistic) => {
    expect(statistic([])).toBeUndefined();
  });
  it('a quantile is unknown and a sum is 0', () => {
    expect(quantile([], 0.5)).toBeUndefined();
    expect(sum([])).toBe(0);
  });
});

describe('statistics', () => {
  it('tell the middle without touching the input', () => {
    const values = [3, 1, 2];
    expect([median(values), quantile(values, 0.1), max(values), min(values)]).toEqual([2, 1.2, 3, 1]);
    expect(values).toEqual([3, 1, 2]);
  });
  it('know no variation around 0', () => {
    expect(variation([0, 0])).toBeUndefined();
    expect(variation([1, 3])).toBeCloseTo(0.5);
  });
  it('clamp, and drop what is missing', () => {
    expect([clamp(5, 0, 3), clamp(-1, 0, 3), clamp(2, 0, 3)]).toEqual([3, 0, 2]);
    expect(present([1, undefined, 0, undefined])).toEqual([1, 0]);
  });
});

describe('robustSlope', () => {
  it('is the slope of a line, whatever the noise of a quarter of its points', () => {
    const line = fc.record({
      slope: fc.integer({ min: -1000, max: 1000 }),
      start: fc.integer({ min: -1000, max: 1000 }),
      burst: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(line, ({ slope, start, burst }) => {
        const points = Array.from(
          { length: 20 },
          (_, i) => [i, start + slope * i + (i === 7 || i === 12 ? burst : 0)] as const,
        );
        expect(robustSlope(points)).toBeCloseTo(slope, 6);
      }),
    );
  });
  it('is the middle one of all slopes between two points, of an odd and an even number of them', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: -50, max: 50 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(points, (drawn) => {
        const slopes = drawn.flatMap(([x1, y1], i) =>
          drawn.slice(i + 1).flatMap(([x2, y2]) => (x1 === x2 ? [] : [(y2 - y1) / (x2 - x1)])),
        );
        const [slope, expected] = [robustSlope(drawn), median(slopes)];
        expect(slope === undefined).toBe(expected === undefined);
        // The mean of the two middle ones may be taken in another order.
        expect(slope ?? 0).toBeCloseTo(expected ?? 0, 9);
      }),
    );
  });
  it('is unknown without two different moments', () => {
    expect(robustSlope([])).toBeUndefined();
    expect(
      robustSlope([
        [1, 5],
        [1, 9],
      ]),
    ).toBeUndefined();
  });
  it('stays exact on many points', () => {
    expect(robustSlope(Array.from({ length: 1000 }, (_, i) => [i, 3 * i] as const))).toBeCloseTo(3);
  });
});
