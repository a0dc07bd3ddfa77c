import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PAGE_HEADINGS, PAGE_SECTIONS, pageFileOf } from '../analyzer/engine/rule-page.js';
import { inLanguage, type Language } from '../analyzer/text.js';
import { signalsOf } from '../analyzer/signals/signals.js';
import { fromTotals } from '../analyzer/signals/totals.js';
import { flawsIn, textsIn } from '../analyzer/testing/flaws.js';
import { historyOf, nowOf, type JobSpec } from '../analyzer/testing/job-builder.js';
import { judge } from '../analyzer/testing/judge.js';
import { addedBy, lackingIn } from '../analyzer/testing/page-parity.js';
import * as scenarios from '../analyzer/testing/scenarios.js';
import { RULES } from './index.js';

const file = (path: string): URL => new URL(`../${path}`, import.meta.url);
const LANGUAGES = ['en', 'zh-CN'] as const;
const page = (id: string, language: Language = 'en'): string =>
  readFileSync(file(`docs/rules/${pageFileOf(id, language)}`), 'utf8');

describe.each(RULES)('$id', (rule) => {
  it('is where its id says, with a test beside it', () => {
    expect(existsSync(file(`rules/${rule.category}/${rule.id}.ts`))).toBe(true);
    expect(existsSync(file(`rules/${rule.category}/${rule.id}.test.ts`))).toBe(true);
  });

  it.each(LANGUAGES)('has a page with every heading, in order (%s)', (language) => {
    const headings = [...page(rule.id, language).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings.slice(0, PAGE_SECTIONS.length)).toEqual(PAGE_SECTIONS.map((one) => PAGE_HEADINGS[language][one]));
  });

  it.each(LANGUAGES)('says on its page why it opens at once, where it does (%s)', (language) => {
    const headings = page(rule.id, language).split('\n');
    expect(headings.includes(`## ${PAGE_HEADINGS[language].deviation}`)).toBe(rule.opens === 'at-once');
  });

  it('says the same in Chinese: each figure, name and link, and in a language of its own', () => {
    expect(page(rule.id, 'zh-CN').split('\n')[0]).toBe(`# ${rule.id}：${inLanguage(rule.title, 'zh-CN')}`);
    expect(lackingIn(page(rule.id, 'zh-CN'), page(rule.id))).toEqual([]);
    expect(addedBy(page(rule.id, 'zh-CN'), page(rule.id))).toEqual([]);
  });

  it.each(LANGUAGES)('has each option with its default on its page (%s)', (language) => {
    const rows = page(rule.id, language).split('\n');
    for (const [name, option] of Object.entries(rule.options)) {
      const row = rows.find((line) => line.includes(`\`${name}\``) && line.startsWith('|')) ?? '';
      expect(row.replaceAll(/(?<=\d) (?=\d)/g, ''), name).toContain(String(option.default));
      expect(option.description).not.toBe('');
      expect(option.unit).not.toBe('');
    }
  });

  it('has a title in both languages', () => {
    for (const { en, 'zh-CN': zh } of textsIn(rule.title)) expect([en.trim(), zh.trim()]).not.toContain('');
  });
});

describe('the rule book', () => {
  it('holds every rule file once', () => {
    const files = readdirSync(file('rules'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /^[a-z]+\/[a-z0-9-]+\.ts$/.test(path) && !path.startsWith('support/'))
      .map((path) => path.replace(/^.*\//, '').replace(/\.ts$/, ''));
    expect(RULES.map(({ id }) => id).sort()).toEqual(files.sort());
  });

  it('has no page without a rule', () => {
    for (const folder of ['docs/rules', 'docs/rules/zh-CN']) {
      const pages = readdirSync(file(folder)).filter((name) => name.endsWith('.md') && name !== 'README.md');
      expect(pages.sort()).toEqual(RULES.map(({ id }) => `${id}.md`).sort());
    }
  });
});

/** Every scenario as it is, and in states in which some of the readings are missing. */
const variants: readonly (readonly [string, (spec: JobSpec) => JobSpec])[] = [
  ['as measured', (spec) => spec],
  ['in the first seconds', (spec) => ({ ...spec, samples: 0 })],
  ['in the first minute', (spec) => ({ ...spec, samples: 5 })],
  ['without TaskManagers', (spec) => ({ ...spec, taskManagers: [] })],
  ['with silent TaskManagers', (spec) => ({ ...spec, taskManagers: [{ silent: true }] })],
  ['without a configuration', (spec) => ({ ...spec, configuration: {} })],
  ['without checkpoints', (spec) => ({ ...spec, checkpointing: 'none', checkpoints: [] })],
  ['with tasks that wait', (spec) => ({ ...spec, tasks: 'SCHEDULED' })],
  ['failed', (spec) => ({ ...spec, state: 'FAILED', tasks: 'FAILED' })],
  ['on Flink 1.13', (spec) => ({ ...spec, flink: '1.13.6' })],
  ['on Flink 2.3', (spec) => ({ ...spec, flink: '2.3.0' })],
  ['as a batch job', (spec) => ({ ...spec, batch: true })],
];

describe.each(Object.entries(scenarios))('%s', (_name, scenario) => {
  it.each(variants)('%s: no rule crashes, no text or advice is broken', (_variant, change) => {
    const verdict = judge(historyOf(change(scenario)), RULES);
    expect(flawsIn(verdict, RULES)).toEqual([]);
  });

  it('at the first look, from totals alone, no rule crashes or is broken', () => {
    const history = historyOf({ ...scenario, samples: 60 });
    const last = {
      ...history,
      vertices: history.vertices.map((vertex) => ({
        ...vertex,
        subtasks: vertex.subtasks.map(({ subtask, samples }) => ({ subtask, samples: samples.slice(-1) })),
      })),
    };
    const totals = fromTotals(last);
    expect(flawsIn(judge(totals, RULES), RULES)).toEqual([]);
    expect(signalsOf(totals, nowOf(totals)).get('load').ok).toBe(true);
  });
});
