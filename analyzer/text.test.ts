import { describe, expect, it } from 'vitest';
import { bytes, compact, duration, durationRange, inLanguage, listed, percent, text } from './text.js';

describe('numbers for people', () => {
  it.each([
    [0, '0 %'],
    [0.015, '1.5 %'],
    [0.02, '2 %'],
    [0.0996, '10 %'],
    [0.97, '97 %'],
    [1, '100 %'],
    [-0.05, '-5 %'],
  ] as const)('%d is %s', (ratio, words) => {
    expect(percent(ratio)).toBe(words);
  });

  it.each([
    [0, '0'],
    [3, '3'],
    [2.44, '2.44'],
    [12.34, '12.3'],
    [400, '400'],
    [999.4, '999'],
    [1234, '1.23k'],
    [84_000, '84k'],
    [999_499, '999k'],
    [3_400_000, '3.4M'],
    [-1211, '-1.21k'],
  ] as const)('%d is %s', (value, words) => {
    expect(compact(value)).toBe(words);
  });

  it.each([
    [0, '0 s'],
    [0.5, '0.5 ms'],
    [1.5, '1.5 ms'],
    [5, '5 ms'],
    [350, '350 ms'],
    [14_000, '14 s'],
    [119_000, '119 s'],
    [360_000, '6 min'],
    [10_800_000, '3 h'],
    [172_000_000, '47.8 h'],
    [172_800_000, '2 d'],
    [864_000_000, '10 d'],
  ] as const)('%d ms is %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it.each([
    [10_800_000, 18_000_000, '3 to 5 h'],
    [11_000_000, 17_000_000, '3 to 4.8 h'],
    [3_000_000, 9_000_000, '0.8 to 2.5 h'],
    [190_000, 561_000, '3.1 to 9.4 min'],
    [0, 90_100, '0 to 91 s'],
    [90_000_000, 200_000_000, '1 to 2.4 d'],
    [8_640_000_000, 10_000_000_000, '100 to 120 d'],
    [7_200_000, 7_200_000, '2 h'],
  ] as const)('%d to %d ms is %s', (low, high, words) => {
    expect(durationRange(low, high)).toEqual({ en: words, 'zh-CN': words.replace('to', '至') });
  });

  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [536_870_912, '512 MiB'],
    [1_811_939_328, '1.69 GiB'],
    [995_000, '972 KiB'],
    [-1024, '-1 KiB'],
  ] as const)('%d bytes are %s', (value, words) => {
    expect(bytes(value)).toBe(words);
  });
});

describe('lists for people', () => {
  const table: readonly (readonly [readonly number[], string, string])[] = [
    [[], '', ''],
    [[2], '2', '2'],
    [[1, 2], '1 and 2', '1、2'],
    [[1, 2, 5], '1, 2 and 5', '1、2、5'],
    [[1, 2, 3, 4, 5, 6, 7, 8], '1, 2, 3, 4, 5, 6 and 2 more', '1、2、3、4、5、6 等 8 个'],
  ];
  it.each(table)('%j', (items, en, zh) => {
    expect(listed(items)).toEqual({ en, 'zh-CN': zh });
  });
});

describe('inLanguage', () => {
  it('picks one language throughout, and leaves the rest alone', () => {
    const value = { title: text('a', '甲'), list: [{ note: text('b', '乙'), n: 1 }], from: null, on: true };
    expect(inLanguage(value, 'en')).toEqual({ title: 'a', list: [{ note: 'b', n: 1 }], from: null, on: true });
    expect(inLanguage(value, 'zh-CN')).toEqual({ title: '甲', list: [{ note: '乙', n: 1 }], from: null, on: true });
  });
});
