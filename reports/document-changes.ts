import { inLanguage, type Language, type Text } from '../analyzer/text.js';
import { findingItem } from './blocks-of-jobs.js';
import type { Block, FindingItem, Group } from './blocks.js';
import type { Change } from './changes.js';
import { costOf, punctuation } from './format.js';
import type { WeeklyReport } from './model.js';
import { CHANGE_WORDS, WORDS } from './words.js';

/** What is news, as the summary has it. */
export const NEWS: readonly Change[] = ['new', 'worse', 'better', 'fixed', 'snoozed'];
/** Of each kind; the jobs have all. */
const MAX_NEWS = 8;

export function news(report: WeeklyReport, language: Language): Block[] {
  const groups = NEWS.flatMap((change): Group[] => {
    const items = report.sections.flatMap((section) =>
      section.findings
        .filter((line) => line.change === change && line.basis === 'measured')
        .map((line): FindingItem => findingItem(line, language, { job: section, withChange: false })),
    );
    if (items.length === 0) return [];
    const left = items.length - MAX_NEWS;
    return [
      {
        kind: 'group',
        title: `${capital(inLanguage(CHANGE_WORDS[change], language))} (${items.length})`,
        items: items.slice(0, MAX_NEWS),
        ...(left > 0 ? { more: `${left} ${inLanguage(WORDS.more, language)}` } : {}),
      },
    ];
  });
  if (groups.length > 0) return groups;
  const none = report.health.before === undefined ? WORDS.nothingBefore : WORDS.changedNone;
  return [{ kind: 'note', text: inLanguage(none, language) }];
}

export function savings({ savings: of, currency }: WeeklyReport, language: Language): Block[] {
  const word = (value: Text): string => inLanguage(value, language);
  const { stop, colon } = punctuation(language);
  const said = (key: 'estimated' | 'realised'): string =>
    `${word(WORDS[key])}${colon}${costOf(of[key], currency, language) ?? word(WORDS.nothing)}${stop}`;
  return [
    { kind: 'note', text: said('estimated') },
    { kind: 'note', text: said('realised') },
    { kind: 'note', text: word(WORDS.apart) },
  ];
}

/** The same setting is missing in many jobs: it is one decision. */
export function settings({ sections }: WeeklyReport, language: Language): Block[] {
  const counts = new Map<string, { title: Text; jobs: number }>();
  for (const { findings } of sections)
    for (const { rule, title, basis, change } of findings)
      if (basis === 'configuration' && change !== 'fixed' && change !== 'passed')
        counts.set(rule, { title, jobs: (counts.get(rule)?.jobs ?? 0) + 1 });
  if (counts.size === 0) return [];
  const rows = [...counts.values()]
    .sort((a, b) => b.jobs - a.jobs)
    .map(({ title, jobs }) => [inLanguage(title, language), String(jobs)]);
  const head = [inLanguage(WORDS.finding, language), inLanguage(WORDS.jobCount, language)];
  const caption = inLanguage(WORDS.settings, language);
  return [
    { kind: 'heading', text: caption },
    { kind: 'table', caption, head, rows },
  ];
}

const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);
