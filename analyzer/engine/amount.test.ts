import { describe, expect, it } from 'vitest';
import { amountOf } from './amount.js';

describe('a figure with its unit', () => {
  it.each([
    [0.97, 'ratio', '97 %'],
    [2.4, 'ratio', '2.40×'],
    [14, 's', '14 s'],
    [350, 'ms', '350 ms'],
    [1200, 'records/s', '1.2k records/s'],
    [3, 'count', '3'],
    [2, 'cores', '2 cores'],
  ] as const)('%d %s is %s', (value, unit, said) => {
    expect(amountOf(value, unit)).toBe(said);
  });
});
