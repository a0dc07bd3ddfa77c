import { describe, expect, it } from 'vitest';
import { must } from '../testing/must.js';
import { hourOfWeek, HOURS_OF_WEEK, seasonOf, usualNow, weeklyPeak, type SeasonPoint } from './season.js';

const HOUR_MS = 3_600_000;
const WEEK_MS = HOURS_OF_WEEK * HOUR_MS;
const MONDAY_MS = Date.UTC(2026, 0, 5);
const STEP_MS = 300_000;

/** Five-minute points over so many weeks from a Monday on. */
function weeks(count: number, value: (hour: number, week: number) => number | null): readonly SeasonPoint[] {
  return Array.from({ length: (count * WEEK_MS) / STEP_MS }, (_, i) => {
    const atMs = MONDAY_MS + i * STEP_MS;
    return { atMs, value: value(hourOfWeek(atMs), Math.floor((i * STEP_MS) / WEEK_MS)) };
  });
}
const seasons = (points: readonly SeasonPoint[]) => new Map([['src', must(seasonOf('src', points, { usual: true }))]]);
const mondayNine = (week: number): number => MONDAY_MS + week * WEEK_MS + 9 * HOUR_MS;

describe('the hour of the week', () => {
  it.each([
    [MONDAY_MS, 0],
    [MONDAY_MS - 1, 167],
    [MONDAY_MS + 25.5 * HOUR_MS, 25],
    [0, 72],
  ])('of %i is %i', (atMs, hour) => {
    expect(hourOfWeek(atMs)).toBe(hour);
  });
});

describe('what is usual at an hour', () => {
  it('is the median of the weeks, one accident left out', () => {
    const known = seasons(weeks(3, (hour, week) => (hour === 9 ? (week === 1 ? 0 : 500) : 100)));
    expect(usualNow(known, 'src', mondayNine(3))).toBe(500);
    expect(usualNow(known, 'src', mondayNine(3) + HOUR_MS)).toBe(100);
  });

  it('is not known from one week, of an hour that was not seen twice, nor of another vertex', () => {
    expect(usualNow(seasons(weeks(1, () => 100)), 'src', mondayNine(3))).toBeUndefined();
    const gap = seasons(weeks(3, (hour, week) => (hour === 9 && week > 0 ? null : 100)));
    expect(usualNow(gap, 'src', mondayNine(3))).toBeUndefined();
    expect(usualNow(gap, 'other', mondayNine(3))).toBeUndefined();
    expect(usualNow(undefined, 'src', mondayNine(3))).toBeUndefined();
  });

  it('is kept of sources only: of other vertices the peak is enough', () => {
    expect(
      seasonOf(
        'map',
        weeks(2, () => 100),
        { usual: false },
      )?.usualPerSecond,
    ).toBeUndefined();
  });
});

describe('the peak of the week', () => {
  it('is that of the busiest five minutes', () => {
    expect(weeklyPeak(seasons(weeks(1, (hour) => (hour === 90 ? 900 : 100))), 'src')?.perSecond).toBe(900);
  });

  it('is not known before a week was seen nearly whole', () => {
    expect(weeklyPeak(seasons(weeks(1, (hour) => (hour < 120 ? 100 : null))), 'src')).toBeUndefined();
    expect(weeklyPeak(seasons(weeks(3, (hour) => (hour < 100 ? 100 : null))), 'src')).toBeUndefined();
    expect(weeklyPeak(undefined, 'src')).toBeUndefined();
  });

  it('is none without a reading', () => {
    expect(
      seasonOf(
        'src',
        weeks(1, () => null),
        { usual: true },
      ),
    ).toBeUndefined();
  });
});
