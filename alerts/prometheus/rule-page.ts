/** The most that a chat message shows without folding, in Latin letters: a Chinese character is as wide as two. */
const MAX_WIDTH = 320;

/**
 * The beginning of a section of a rule's page as one line of plain text: whole sentences of its first paragraph.
 * Undefined when the page has no such section.
 */
export function sectionOf(page: string, heading: string): string | undefined {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  const paragraph = section
    ?.slice(heading.length)
    .trim()
    .split(/\n\s*\n/)[0];
  if (paragraph === undefined || paragraph === '' || paragraph.startsWith('|')) return undefined;
  return wholeSentences(plain(paragraph));
}

/** Links become their words, a list its items one after the other. */
const plain = (markdown: string): string =>
  markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^[-*] /gm, '')
    .replace(/\*\*/g, '')
    .replace(/\s+/g, ' ');

/** After a stop of an English sentence, which a blank and a capital follow, or of a Chinese one. */
const SENTENCE_END = /(?<=[.!?]\s+)(?=[A-Z`])|(?<=[。！？])/;

function wholeSentences(text: string): string {
  let taken = '';
  for (const sentence of text.split(SENTENCE_END)) {
    const longer = taken + sentence;
    if (taken !== '' && widthOf(longer.trim()) > MAX_WIDTH) break;
    taken = longer;
  }
  return taken.trim();
}

const widthOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0);
const WIDE = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/gu;
