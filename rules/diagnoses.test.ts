import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RULES } from './index.js';

const file = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
// The list is data of this repository; its shape is that of the literal below.
const { ids } = JSON.parse(file('rules/fixtures/diagnoses.json')) as { readonly ids: readonly string[] };
const rules = new Set(RULES.map(({ id }) => id));
/** First column: the diagnosis; second: the rules that tell of it. */
const rows = [...file('docs/diagnoses.md').matchAll(/^\| `([a-z0-9-]+)` +\| ([^|]+)\|/gm)].map(
  ([, id = '', told = '']) => ({
    id,
    told: [...told.matchAll(/\[([a-z0-9-]+)\]\(rules\/([a-z0-9-]+)\.md\)/g)].map(([, name = '', page = '']) => [
      name,
      page,
    ]),
  }),
);

describe('the catalogue of diagnoses', () => {
  it('has 193 ids, each once', () => {
    expect(new Set(ids).size).toBe(193);
    expect(ids).toHaveLength(193);
  });

  it('is covered: each id is a rule or a row of docs/diagnoses.md, and never both', () => {
    const named = new Set(rows.map(({ id }) => id));
    expect(ids.filter((id) => !rules.has(id) && !named.has(id))).toEqual([]);
    expect(rows.filter(({ id }) => rules.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('names in each row diagnoses of the catalogue and rules that there are', () => {
    expect(rows.filter(({ id }) => !ids.includes(id))).toEqual([]);
    expect(
      rows.filter(
        ({ told }) => told.length === 0 || told.some(([name = '', page = '']) => name !== page || !rules.has(name)),
      ),
    ).toEqual([]);
  });

  it('has no rule that it does not know', () => {
    expect([...rules].filter((id) => !ids.includes(id))).toEqual([]);
  });
});
