import { describe, expect, it } from 'vitest';
import { diffLines } from './diff-lines.ts';
import { parseInline, parseMarkdown } from './markdown.ts';

describe('rule pages', () => {
  it('reads headings, paragraphs, lists, tables and code', () => {
    const blocks = parseMarkdown(
      '# Hot key\n\nOne key\nis hot.\n\n- a\n  more\n- b\n\n| x | y |\n|---|---|\n| `a|b` | 2 |\n\n```yaml\n- k: v\n```\n',
    );
    expect(blocks.map((block) => block.kind)).toEqual(['heading', 'paragraph', 'list', 'table', 'code']);
    expect(blocks[1]).toMatchObject({ inline: [{ text: 'One key is hot.' }] });
    expect(blocks[2]).toMatchObject({ ordered: false, items: [[{ text: 'a more' }], [{ text: 'b' }]] });
    expect(blocks[3]).toMatchObject({ rows: [[[{ kind: 'code', text: 'a|b' }], [{ text: '2' }]]] });
    expect(blocks[4]).toMatchObject({ text: '- k: v' });
  });
  it('keeps HTML as text', () => {
    expect(parseMarkdown('<img src=x onerror=alert(1)>')).toEqual([
      { kind: 'paragraph', inline: [{ kind: 'text', text: '<img src=x onerror=alert(1)>' }] },
    ]);
  });
  it('takes no address but the web and other rules', () => {
    expect(parseInline('[a](javascript:alert(1))[0]).not.toMatchObject')[0]?.kind).toBe('text');
    expect(parseInline('[a](https://x.org/y)')[0]).toEqual({ kind: 'link', text: 'a', href: 'https://x.org/y' });
    expect(parseInline('[a](skew-hot-key.md)')[0]).toEqual({ kind: 'link', text: 'a', href: 'rule:skew-hot-key' });
  });
  it.each(['- ', '|', '```', '>', '#', '- a\n```\nx', '| a |\n|--|', '***'])('ends on %j', (text) => {
    expect(Array.isArray(parseMarkdown(text))).toBe(true);
  });
});

describe('diffs', () => {
  it('colours added and removed lines of a diff', () => {
    expect(diffLines('-a: 1\n+a: 2\n b: 3\n').map((line) => line.kind)).toEqual(['removed', 'added', 'same']);
  });
  it('takes a YAML list for what it is', () => {
    expect(diffLines('jobs:\n- name: x').map((line) => line.kind)).toEqual(['same', 'same']);
  });
});
