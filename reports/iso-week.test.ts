import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoWeekOf, WEEK_MS, weekStartMs } from './iso-week.js';

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

describe('ISO weeks', () => {
  // The years in which week 1 begins in December, ends in January, and those with 53 weeks.
  it.each([
    ['2026-01-01', '2026-W01'],
    ['2026-11-21', '2026-W47'],
    ['2025-12-29', '2026-W01'],
    ['2024-12-30', '2025-W01'],
    ['2024-12-29', '2024-W52'],
    ['2021-01-03', '2020-W53'],
    ['2020-12-31', '2020-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2015-12-31', '2015-W53'],
    ['2016-01-03', '2015-W53'],
    ['2023-01-01', '2022-W52'],
    ['2024-02-29', '2024-W09'],
  ])('%s is in %s', (date, week) => {
    expect(isoWeekOf(day(date))).toBe(week);
    expect(isoWeekOf(day(date) + 86_399_999)).toBe(week);
  });

  it.each([
    ['2026-W01', '2025-12-29'],
    ['2026-W47', '2026-11-16'],
    ['2020-W53', '2020-12-28'],
    ['2026-W53', '2026-12-28'],
    ['2015-W01', '2014-12-29'],
  ])('%s begins on Monday %s', (week, date) => {
    expect(weekStartMs(week)).toBe(day(date));
  });

  it.each(['2025-W53', '2024-W53', '2026-W00', '2026-W54', '2026-W1', '2026-47', 'W47', '', '2026-W47 ', 'tomorrow'])(
    '%j is no week',
    (week) => {
      expect(weekStartMs(week)).toBeUndefined();
    },
  );

  it('every moment lies in the week that it is said to be in', () => {
    fc.assert(
      fc.property(fc.integer({ min: day('1990-01-01'), max: day('2090-01-01') }), (atMs) => {
        const start = weekStartMs(isoWeekOf(atMs));
        expect(start).toBeDefined();
        expect(start).toBeLessThanOrEqual(atMs);
        expect(atMs - (start ?? 0)).toBeLessThan(WEEK_MS);
        expect(new Date(start ?? 0).getUTCDay()).toBe(1);
      }),
    );
  });
});
