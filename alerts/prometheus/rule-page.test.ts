import { describe, expect, it } from 'vitest';
import { sectionOf } from './rule-page.js';

const page = (body: string): string => `# id: title\n\n## What it finds\n\n${body}\n\n## Why it hurts\n\nIt does.\n`;

describe('the beginning of a section', () => {
  it.each([
    ['joins the lines of a paragraph', 'One\nsentence.', 'One sentence.'],
    ['takes the first paragraph only', 'First.\n\nSecond.', 'First.'],
    ['shows a link by its words', 'See [the list](../list.md) first.', 'See the list first.'],
    ['takes marks out', '- A **bold** item.\n- Another.', 'A bold item. Another.'],
    ['keeps code as it is', 'Set `a.b: true` there.', 'Set `a.b: true` there.'],
  ])('%s', (_, body, text) => {
    expect(sectionOf(page(body), 'What it finds')).toBe(text);
  });

  it('ends with a whole sentence', () => {
    const text = sectionOf(page(`${'Word '.repeat(50)}end. ${'More '.repeat(50)}end.`), 'What it finds');
    expect(text).toBe(`${'Word '.repeat(50)}end.`);
  });

  it('ends with a whole sentence in Chinese too, where a character is as wide as two letters', () => {
    const [first, second] = [`${'字'.repeat(100)}。`, `再${'字'.repeat(70)}！`];
    expect(sectionOf(page(`${first}${second}`), 'What it finds')).toBe(first);
    expect(sectionOf(page(`甲。${second}丙？`), 'What it finds')).toBe(`甲。${second}丙？`);
  });

  it('keeps a first sentence that is too long whole', () => {
    expect(sectionOf(page(`${'Word '.repeat(100)}end. More.`), 'What it finds')).toBe(`${'Word '.repeat(100)}end.`);
  });

  it.each(['Nowhere', 'What'])('is nothing where there is no section "%s"', (heading) => {
    expect(sectionOf(page('Text.'), heading)).toBeUndefined();
  });

  it('is nothing where the section begins with a table', () => {
    expect(sectionOf(page('| a | b |'), 'What it finds')).toBeUndefined();
  });
});
