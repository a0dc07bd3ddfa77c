import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { fill, pickLanguage, placeholders, type MessageKey } from './message.ts';
import { zhCN } from './zh-CN.ts';

const keys = Object.keys(en) as MessageKey[];

describe('both languages', () => {
  it('have the same texts', () => {
    expect(Object.keys(zhCN).sort()).toEqual([...keys].sort());
  });
  it.each(keys.filter((key) => !key.endsWith('.one')))('fill the same blanks in %s', (key) => {
    expect(placeholders(zhCN[key])).toEqual(placeholders(en[key]));
  });
  it.each(keys.filter((key) => key.endsWith('.one')))(
    'have both numbers of %s, and fill nothing the other does not',
    (key) => {
      const other = key.replace(/\.one$/, '.other') as MessageKey;
      for (const messages of [en, zhCN]) {
        expect(placeholders(messages[other])).toEqual(expect.arrayContaining(placeholders(messages[key])));
      }
    },
  );
  it('leave no text empty', () => {
    for (const key of keys) expect([en[key].trim(), zhCN[key].trim()].every((text) => text !== '')).toBe(true);
  });
});

it('fills blanks, and leaves unknown ones to be seen', () => {
  expect(fill('{n} of {total}', { n: 1, total: 2 })).toBe('1 of 2');
  expect(fill('{lost}', {})).toBe('{lost}');
});

it('never fills a blank inside what it filled in', () => {
  expect(fill('{a}', { a: '{b}', b: 'x' })).toBe('{b}');
});

it.each([
  [['zh-CN'], 'zh-CN'],
  [['zh-TW', 'en'], 'zh-CN'],
  [['de', 'zh'], 'zh-CN'],
  [['en-GB', 'zh'], 'en'],
  [['fr'], 'en'],
  [[], 'en'],
] as const)('of %j speaks %s', (wanted, language) => {
  expect(pickLanguage(wanted)).toBe(language);
});
