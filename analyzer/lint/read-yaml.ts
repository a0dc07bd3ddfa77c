import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import type { FileProblem, Setting } from './settings.js';

/** A YAML text as documents that know their lines. */
export interface YamlDocument {
  readonly root: Node | null;
  readonly problems: readonly FileProblem[];
  readonly lineOf: (node: Node | null | undefined) => number;
  readonly document: Document.Parsed;
}

export function parseYaml(text: string): readonly YamlDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  if (!Array.isArray(documents)) return [];
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  return documents.map((document) => ({
    document,
    root: document.contents,
    problems: document.errors.map(({ code, message, pos }): FileProblem => ({
      line: lineAt(pos[0]),
      what: code === 'DUPLICATE_KEY' ? 'twice' : 'syntax',
      detail: message.split('\n')[0] ?? '',
    })),
    lineOf: (node) => lineAt(node?.range?.[0] ?? 0),
  }));
}

/** A map of maps as Flink reads it: keys joined by dots; lists stay YAML's flow text, scalars their own text. */
export function flatten(
  { lineOf, document }: YamlDocument,
  node: Node | null | undefined,
): { readonly settings: readonly Setting[]; readonly problems: readonly FileProblem[] } {
  const settings: Setting[] = [];
  const problems: FileProblem[] = [];
  const walk = (value: Node | null | undefined, key: string, at: number): void => {
    const target = isAlias(value) ? value.resolve(document) : value;
    if (isMap(target)) {
      for (const pair of target.items) {
        const name = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
        const line = lineOf(pair.key as Node);
        walk(pair.value as Node | null, key === '' ? name : `${key}.${name}`, line);
      }
      return;
    }
    const text = textOf(target);
    if (text === undefined) {
      problems.push({ line: at, what: 'no-value', key });
      return;
    }
    if (settings.some((other) => other.key === key)) problems.push({ line: at, what: 'twice', key });
    settings.push({ key, value: text, line: at });
  };
  if (isMap(node)) walk(node, '', lineOf(node));
  else if (node !== null && node !== undefined && !(isScalar(node) && node.value === null))
    problems.push({ line: lineOf(node), what: 'syntax', detail: 'there must be keys and values here' });
  return { settings, problems };
}

function textOf(node: unknown): string | undefined {
  if (isSeq(node)) return `[${node.items.map((item) => textOf(item) ?? '').join(', ')}]`;
  if (!isScalar(node) || node.value === null) return undefined;
  // A plain scalar keeps the text it was written with: 1.10 is not 1.1.
  return node.type === 'PLAIN' && node.source !== undefined ? node.source : String(node.value);
}
