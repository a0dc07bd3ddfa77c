import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromText, toField, toTag } from './text.js';

describe('text on its way through the line protocol', () => {
  it.each([
    ['', '%'],
    ['orders', 'orders'],
    ['a b', 'a%20b'],
    ["it's", 'it%27s'],
    ['100 %', '100%20%25'],
    ['line\nbreak\\', 'line%0abreak%5c'],
    ['订单', '订单'],
  ])('%j is the tag %j', (text, tag) => {
    expect(toTag(text)).toBe(tag);
  });

  it('comes back as it was, and breaks no quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fromText(toTag(text))).toBe(text);
        expect(fromText(toField(text))).toBe(text === '%' ? text : text);
        expect(toTag(text)).not.toMatch(/[\\'"\n ]/);
      }),
    );
  });
});
