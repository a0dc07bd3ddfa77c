import { describe, expect, it } from 'vitest';
import type { IntervalTradeOff } from '../../contract.ts';
import { drawTradeOff } from './trade-off-geometry.ts';

const tradeOff: IntervalTradeOff = {
  stallMs: 500,
  durationMs: 2_000,
  mtbfMs: 3_600_000,
  restartMs: 30_000,
  bestMs: 60_000,
  points: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600].map((seconds) => ({
    intervalMs: seconds * 1000,
    stallRatio: Math.min(1, 0.5 / seconds),
    againMs: seconds * 500 + 2_000,
    againRatio: (seconds / 2 + 32) / 3600,
  })),
};

describe('the picture of what an interval costs', () => {
  it('has a line for each cost and one for both, and stays inside', () => {
    const { lines } = drawTradeOff(tradeOff, 300_000, 400, 120);
    expect(lines.map(({ cost }) => cost)).toEqual(['stall', 'again', 'both']);
    for (const { path } of lines) {
      const numbers = path.match(/-?[\d.]+/g)?.map(Number) ?? [];
      expect(numbers.length).toBeGreaterThan(4);
      numbers.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(i % 2 === 0 ? 400 : 120);
      });
    }
  });

  it.each([
    ['as it is and as advised', 300_000, ['now', 'best']],
    ['one where they are the same', tradeOff.bestMs, ['both']],
    ['the advised one where checkpoints are off', undefined, ['best']],
  ])('marks %s', (_what, nowMs, marks) => {
    expect(drawTradeOff(tradeOff, nowMs, 400, 120).marks.map(({ what }) => what)).toEqual(marks);
  });

  it('keeps a mark outside of the picture at its edge', () => {
    expect(drawTradeOff(tradeOff, 86_400_000, 400, 120).marks[0]).toMatchObject({ what: 'now', x: 400 });
  });

  it('has ticks in units that people count in', () => {
    const { xTicks, yTicks } = drawTradeOff(tradeOff, undefined, 400, 120);
    expect(xTicks.map(({ ms }) => ms)).toEqual([1_000, 10_000, 60_000, 600_000, 3_600_000]);
    expect(yTicks[0]).toMatchObject({ ratio: 0, y: 120 });
  });
});
