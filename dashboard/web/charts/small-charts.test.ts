import { describe, expect, it } from 'vitest';
import { at } from '../lib/at.ts';
import { bullet } from './bullet-geometry.ts';
import { sparkline, trend } from './sparkline-geometry.ts';
import { subtaskStrip } from './strip-geometry.ts';

describe('sparkline', () => {
  it('breaks the line at a gap', () => {
    expect(sparkline([1, 2, null, 3, 4], 100, 20).path.match(/M/g)).toHaveLength(2);
  });
  it('draws nothing of nothing, and ends at the last known point', () => {
    expect(sparkline([null, null], 100, 20)).toEqual({ path: '', last: undefined });
    expect(sparkline([0, 4, null], 102, 20).last).toEqual({ x: 51, y: 2 });
  });
  it('does not make much of little', () => {
    expect(sparkline([0, 0.1, 0.2], 100, 20, 10).last?.y).toBeGreaterThan(17);
    expect(trend([0, 0, 0.1, 0.2, 0.3, 0.4], 5)).toBe('flat');
  });
  it.each([
    [[1, 1, 1, 5, 6, 7], 'up'],
    [[9, 8, 7, 2, 1, 1], 'down'],
    [[5, 5.2, 4.9, 5.1, 5, 5], 'flat'],
    [[0, 0, 0], 'flat'],
    [[null, 3], undefined],
  ] as const)('trend of %j is %s', (values, word) => {
    expect(trend(values)).toBe(word);
  });
});

describe('bullet', () => {
  it('gives shares the scale to 100 %', () => {
    expect(bullet({ value: 0.97, unit: 'ratio', threshold: 0.8, comparison: '>=' })).toEqual({
      value: 0.97,
      threshold: 0.8,
      isBeyond: true,
    });
  });
  it('leaves room after the largest number', () => {
    const { value, threshold, isBeyond } = bullet({ value: 5, unit: 'ratio', threshold: 2, comparison: '<=' });
    expect(value).toBeCloseTo(1 / 1.2);
    expect(threshold).toBeCloseTo(2 / 6);
    expect(isBeyond).toBe(false);
  });
  it('stands at nothing for zero, and is never beyond without a threshold', () => {
    expect(bullet({ value: 0, unit: 'count' })).toEqual({ value: 0, threshold: undefined, isBeyond: false });
  });
});

describe('strip of subtasks', () => {
  it('sorts, marks the named, and keeps a missing figure missing', () => {
    const bars = subtaskStrip([{ subtask: 1, busyRatio: 1 }, { subtask: 0 }], [1], 100, 40);
    expect(bars.map((bar) => [bar.subtask, bar.isNamed, bar.value])).toEqual([
      [0, false, undefined],
      [1, true, 1],
    ]);
    expect(bars[1]).toMatchObject({ y: 0, height: 40 });
  });
  it('fits hundreds of subtasks', () => {
    const bars = subtaskStrip(
      Array.from({ length: 400 }, (_, subtask) => ({ subtask, busyRatio: 0.5 })),
      [],
      300,
      40,
    );
    expect(at(bars, -1).x).toBeLessThanOrEqual(300);
  });
});
