import { describe, expect, it } from 'vitest';
import { parseDuration } from './durations.js';

describe('durations', () => {
  it.each([
    ['15s', 15_000],
    ['500ms', 500],
    ['3m', 180_000],
    ['3min', 180_000],
    ['2h', 7_200_000],
    ['3d', 259_200_000],
    ['1.5h', 5_400_000],
    [' 10 s ', 10_000],
    ['0s', 0],
  ])('%j is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '10', 's', '10 seconds', '-5s', '1e3s', '5S', '10s 5ms', 'NaN s', '∞s'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
