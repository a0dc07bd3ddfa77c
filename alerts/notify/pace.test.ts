import { describe, expect, it } from 'vitest';
import { Pace, retryDelayMs } from './pace.js';

describe('the pace of a channel', () => {
  it('allows so many attempts in any 60 s, wherever the minute begins', () => {
    const pace = new Pace(20, 0);
    for (let i = 0; i < 20; i += 1) {
      expect(pace.readyMs(i * 1_000)).toBe(i * 1_000);
      pace.note(i * 1_000);
    }
    expect(pace.readyMs(20_000)).toBe(60_000);
    expect(pace.readyMs(59_999)).toBe(60_000);
    expect(pace.readyMs(60_000)).toBe(60_000);
    pace.note(60_000);
    expect(pace.readyMs(60_001)).toBe(61_000);
  });

  it('keeps a gap between two', () => {
    const pace = new Pace(60, 1_000);
    pace.note(500);
    expect(pace.readyMs(600)).toBe(1_500);
    expect(pace.readyMs(1_600)).toBe(1_600);
  });
});

describe('the wait before another attempt', () => {
  const table: readonly (readonly [attempts: number, chance: number, afterMs: number, delayMs: number])[] = [
    [1, 0, 0, 500],
    [1, 1, 0, 1_000],
    [2, 1, 0, 2_000],
    [5, 0.5, 0, 12_000],
    [9, 1, 0, 256_000],
    [10, 1, 0, 300_000],
    [1_000, 0, 0, 150_000],
    [1, 1, 30_000, 30_000],
    [10, 1, 30_000, 300_000],
    [1, 0, 86_400_000, 3_600_000],
  ];
  it.each(table)('after %i with chance %d and Retry-After %i ms is %i ms', (attempts, chance, afterMs, delayMs) => {
    expect(retryDelayMs(attempts, chance, afterMs)).toBe(delayMs);
  });
});
