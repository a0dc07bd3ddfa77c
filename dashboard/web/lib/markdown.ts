/** A small Markdown reader for rule pages: text in, blocks out. Nothing in it ever becomes HTML by itself. */

export type Inline =
  { kind: 'text' | 'code' | 'strong' | 'em'; text: string } | { kind: 'link'; text: string; href: string };

export type Block =
  | { kind: 'heading'; level: number; inline: Inline[] }
  | { kind: 'paragraph'; inline: Inline[] }
  | { kind: 'quote'; inline: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'code'; text: string }
  | { kind: 'rule' };

const LIST_ITEM = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/;

export function parseMarkdown(source: string): Block[] {
  const lines = source.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const line = (index: number) => lines[index] ?? '';

  while (at < lines.length) {
    const text = line(at);
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(text);
    if (text.trim() === '') at += 1;
    else if (/^\s*(```|~~~)/.test(text)) at = takeCode(at);
    else if (heading !== null) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, inline: parseInline(heading[2] ?? '') });
      at += 1;
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(text)) {
      blocks.push({ kind: 'rule' });
      at += 1;
    } else if (text.includes('|') && TABLE_RULE.test(line(at + 1))) at = takeTable(at);
    else if (LIST_ITEM.test(text)) at = takeList(at);
    else at = takeParagraph(at);
  }
  return blocks;

  function takeCode(from: number): number {
    const fence = line(from).trim().slice(0, 3);
    let end = from + 1;
    while (end < lines.length && !line(end).trim().startsWith(fence)) end += 1;
    blocks.push({ kind: 'code', text: lines.slice(from + 1, end).join('\n') });
    return end + 1;
  }

  function takeTable(from: number): number {
    const rows: Inline[][][] = [];
    let end = from + 2;
    while (end < lines.length && line(end).includes('|') && line(end).trim() !== '') {
      rows.push(cellsOf(line(end)));
      end += 1;
    }
    blocks.push({ kind: 'table', head: cellsOf(line(from)), rows });
    return end;
  }

  function takeList(from: number): number {
    const items: string[] = [];
    const ordered = LIST_ITEM.exec(line(from))?.[1] !== undefined;
    let end = from;
    for (; end < lines.length && line(end).trim() !== ''; end += 1) {
      const item = LIST_ITEM.exec(line(end));
      if (item !== null) items.push(item[2] ?? '');
      else items.push(`${items.pop() ?? ''} ${line(end).trim()}`);
    }
    blocks.push({ kind: 'list', ordered, items: items.map(parseInline) });
    return end;
  }

  function takeParagraph(from: number): number {
    const isQuote = /^\s*>/.test(line(from));
    let end = from;
    const words: string[] = [];
    for (; end < lines.length && line(end).trim() !== '' && (end === from || !startsBlock(end)); end += 1) {
      words.push(
        line(end)
          .replace(/^\s*>\s?/, '')
          .trim(),
      );
    }
    blocks.push({ kind: isQuote ? 'quote' : 'paragraph', inline: parseInline(words.join(' ')) });
    return end;
  }

  function startsBlock(index: number): boolean {
    const text = line(index);
    return /^(#{1,6}\s|\s*(```|~~~))/.test(text) || LIST_ITEM.test(text) || TABLE_RULE.test(line(index + 1));
  }
}

function cellsOf(row: string): Inline[][] {
  // A bar inside code or after a backslash is no border.
  const bare = row.trim().replace(/^\|/, '').replace(/\|$/, '');
  return (bare.match(/(?:`[^`]*`|\\\||[^|])+/g) ?? []).map((cell) => parseInline(cell.trim().replaceAll('\\|', '|')));
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

export function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) });
    parts.push(inlineOf(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}

function inlineOf([whole, code, strong, em, label, href]: RegExpMatchArray): Inline {
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', text: strong };
  if (em !== undefined) return { kind: 'em', text: em };
  const address = safeHref(href ?? '');
  if (label !== undefined && address !== undefined) return { kind: 'link', text: label, href: address };
  return { kind: 'text', text: label ?? whole };
}

/** Web addresses, and other rules' pages; never `javascript:` and the like. */
function safeHref(href: string): string | undefined {
  if (/^https?:\/\//i.test(href)) return href;
  const rule = /^(?:\.\/)?([a-z0-9-]+)\.md(?:#.*)?$/.exec(href);
  return rule === null ? undefined : `rule:${rule[1] ?? ''}`;
}
