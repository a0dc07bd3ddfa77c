/** The most that a chat message shows without folding. */
const MAX_CHARS = 320;

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

function wholeSentences(text: string): string {
  let taken = '';
  for (const sentence of text.split(/(?<=[.!?])\s+(?=[A-Z`])/)) {
    const longer = taken === '' ? sentence : `${taken} ${sentence}`;
    if (taken !== '' && longer.length > MAX_CHARS) break;
    taken = longer;
  }
  return taken;
}
