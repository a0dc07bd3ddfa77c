import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointIntervalMs, checkpointTimeoutMs, minPauseMs } from './checkpoint-interval.js';

describe('checkpointIntervalMs', () => {
  const table: readonly (readonly [string, number, number, number | undefined, number])[] = [
    ['Young: √(2 · 100 ms · one hour)', 100, 500, 3_600_000, 27_000],
    ['without failures a day between them is assumed', 100, 500, undefined, 132_000],
    ['at most ten minutes, for what lies between is read again', 3000, 4000, undefined, 600_000],
    ['at least twice the duration', 1, 400_000, 3_600_000, 800_000],
    ['at least ten seconds', 1, 10, 3_600_000, 10_000],
    ['stops take at most a twentieth of the time', 40_000, 40_000, 600_000, 800_000],
  ];
  it.each(table)('%s', (_claim, stallMs, durationMs, mtbfMs, wanted) => {
    expect(checkpointIntervalMs(stallMs, durationMs, mtbfMs)).toBe(wanted);
  });

  it('is always whole seconds, and never shorter than a longer stop would ask for', () => {
    const input = fc.tuple(fc.nat(60_000), fc.nat(600_000), fc.integer({ min: 60_000, max: 864_000_000 }));
    fc.assert(
      fc.property(input, ([stallMs, durationMs, mtbfMs]) => {
        const wanted = checkpointIntervalMs(stallMs, durationMs, mtbfMs);
        expect(wanted % 1000).toBe(0);
        expect(wanted).toBeGreaterThanOrEqual(2 * durationMs);
        expect(stallMs / wanted).toBeLessThanOrEqual(0.05);
        expect(checkpointIntervalMs(stallMs + 1000, durationMs, mtbfMs)).toBeGreaterThanOrEqual(wanted);
      }),
    );
  });
});

describe('minPauseMs', () => {
  it('is half the interval, or one duration where that is longer', () => {
    expect([minPauseMs(60_000, 5_000), minPauseMs(60_000, 45_200), minPauseMs(11_001, 10)]).toEqual([
      30_000, 46_000, 6_000,
    ]);
  });
});

describe('checkpointTimeoutMs', () => {
  it('is three times the slowest, between one minute and one hour', () => {
    expect([1_000, 90_500, 5_000_000].map(checkpointTimeoutMs)).toEqual([60_000, 272_000, 3_600_000]);
  });
});
