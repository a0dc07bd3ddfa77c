import { describe, expect, it } from 'vitest';
import { formatsFor } from './format.ts';

const en = formatsFor('en', 'UTC');
const zh = formatsFor('zh-CN', 'UTC');
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('durations', () => {
  it.each([
    [350, '350 ms'],
    [1500, '1.5 s'],
    [20_000, '20 s'],
    [59_800, '1 min'],
    [250_000, '4 min 10 s'],
    [14 * 60_000 + 20_000, '14 min'],
    [3 * 3_600_000 + 5 * 60_000, '3 h 5 min'],
    [75 * 3_600_000, '3 d 3 h'],
    [40 * 86_400_000, '40 d'],
    [-20_000, '−20 s'],
    [0, '0 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(plain(en.duration(ms))).toBe(text);
  });
  it('speaks Chinese', () => {
    expect(plain(zh.duration(250_000))).toBe('4 分钟 10 秒');
  });
});

describe('units', () => {
  it.each([
    [0.97, 'ratio', '97%'],
    [5.1, 'ratio', '5.1×'],
    [0.004, 'ratio', '0.4%'],
    [12, 's', '12 s'],
    [1234, 'records/s', '1.23k/s'],
    [3 * 2 ** 30, 'bytes', '3 GiB'],
    [1536, 'bytes/s', '1.5 KiB/s'],
    [14, 'slots', '14 slots'],
    [7, 'count', '7'],
    [4, 'subtasks', '4 subtasks'],
    [153, 'per minute', '153/min'],
    [2, 'partitions', '2 partitions'],
  ])('%d %s is %s', (value, unit, text) => {
    expect(plain(en.unit(value, unit))).toBe(text);
  });
  it('counts in ten thousands in Chinese', () => {
    expect(zh.perSecond(12_000)).toBe('1.2万/秒');
  });
});

describe('moments', () => {
  const noon = Date.UTC(2026, 0, 5, 12, 4);
  it('carry the date only when it is another day', () => {
    expect(en.moment(noon, noon + 3_600_000)).toBe('12:04');
    expect(en.moment(noon, noon + 86_400_000)).toBe('Jan 5 12:04');
  });
});
