/** What the page of a rule says and its translation does not, of what no translation changes: code, links, figures, rows of tables. */
export function lackingIn(translation: string, page: string): readonly string[] {
  return [codeIn, linksIn, figuresIn, rowsIn].flatMap((partsOf) => missing(partsOf(translation), partsOf(page)));
}

/** Code and rows of tables that only the translation has. A figure it may have: "twice" is 2 倍. */
export function addedBy(translation: string, page: string): readonly string[] {
  return [codeIn, rowsIn].flatMap((partsOf) => missing(partsOf(page), partsOf(translation)));
}

const FENCED = /```[^]*?```/g;

const codeIn = (page: string): string[] => page.match(/```[^]*?```|`[^`\n]+`/g) ?? [];
const linksIn = (page: string): string[] => page.match(/\]\([^)]+\)/g) ?? [];
const rowsIn = (page: string): string[] => (page.match(/^\|/gm) ?? []).map(() => 'a row of a table');
/** `.5`, `0.5` and `0.50` are one figure, and so are `20,000` and `20000`. */
const figuresIn = (page: string): string[] =>
  (
    page
      .replace(FENCED, '')
      .replace(/(\d),(?=\d{3}\b)/g, '$1')
      .match(/\d*\.?\d+/g) ?? []
  ).map((figure) => String(Number(figure)));

function missing(from: readonly string[], wanted: readonly string[]): readonly string[] {
  const left = [...from];
  return wanted.filter((part) => {
    const at = left.indexOf(part);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
