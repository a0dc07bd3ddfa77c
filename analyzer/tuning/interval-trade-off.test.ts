import { describe, expect, it } from 'vitest';
import { checkpointIntervalMs } from './checkpoint-interval.js';
import { intervalCost, intervalTradeOff, type IntervalCosts } from './interval-trade-off.js';

const HOUR_MS = 3_600_000;
const costs: IntervalCosts = { stallMs: 200, durationMs: 2_000, mtbfMs: 6 * HOUR_MS, restartMs: 30_000 };

describe('what an interval costs', () => {
  it.each([
    [10_000, 0.02, 7_000],
    [60_000, 0.2 / 60, 32_000],
    [600_000, 0.2 / 600, 302_000],
  ])('%i ms: held up %d of the time, and so much is read again', (intervalMs, stallRatio, againMs) => {
    const cost = intervalCost(intervalMs, costs);
    expect(cost.stallRatio).toBeCloseTo(stallRatio, 6);
    expect(cost.againMs).toBe(againMs);
    expect(cost.againRatio).toBeCloseTo((againMs + 30_000) / (6 * HOUR_MS), 6);
  });

  it('is that of the checkpoint where it is shorter than one: they follow each other', () => {
    const { intervalMs: _shorter, ...cost } = intervalCost(500, costs);
    const { intervalMs: _whole, ...ofWhole } = intervalCost(2_000, costs);
    expect(cost).toEqual(ofWhole);
  });

  it('assumes a failure a day where none was seen', () => {
    const { mtbfMs: _unseen, ...unseen } = costs;
    expect(intervalCost(60_000, unseen).againRatio).toBeCloseTo(62_000 / (24 * HOUR_MS), 6);
  });

  it('falls on one side and grows on the other, from a second to an hour', () => {
    const { points, bestMs } = intervalTradeOff(costs);
    expect([points[0]?.intervalMs, points.at(-1)?.intervalMs]).toEqual([1_000, HOUR_MS]);
    const falls = points.every((point, i) => i === 0 || point.stallRatio <= (points[i - 1]?.stallRatio ?? 0));
    const grows = points.every((point, i) => i === 0 || point.againRatio >= (points[i - 1]?.againRatio ?? 1));
    expect([falls, grows]).toEqual([true, true]);
    expect(bestMs).toBe(checkpointIntervalMs(200, 2_000, 6 * HOUR_MS));
  });

  it('is least about where the advice lies, if the stall decides', () => {
    const heavy = { ...costs, stallMs: 1_000 };
    const { points, bestMs } = intervalTradeOff(heavy);
    const total = (ms: number): number => {
      const cost = intervalCost(ms, heavy);
      return cost.stallRatio + cost.againRatio;
    };
    const least = Math.min(...points.map(({ intervalMs }) => total(intervalMs)));
    expect(total(bestMs) / least).toBeLessThan(1.05);
  });
});
