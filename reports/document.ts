import { counted, inLanguage, text, type Language, type Text } from '../analyzer/text.js';
import { actionBlock, jobBlock, type Detail } from './blocks-of-jobs.js';
import type { Block, ReportDocument } from './blocks.js';
import { cautions, goneBlock } from './document-cautions.js';
import { news, NEWS, savings, settings } from './document-changes.js';
import { charts, tilesOf } from './document-figures.js';
import { followed } from './document-followed.js';
import { periodOf, punctuation } from './format.js';
import type { WeeklyReport } from './model.js';
import { CHANGE_WORDS, WORDS } from './words.js';

/** The report as a document in one language. */
export function documentOf(report: WeeklyReport, language: Language, detail: Detail): ReportDocument {
  const word = (value: Text): string => inLanguage(value, language);
  const owner = report.owner === undefined ? '' : ` · ${report.owner}`;
  return {
    title: `${word(WORDS.title)} ${report.week}${owner}`,
    subtitle: `${periodOf(report, language)} (UTC)`,
    verdict: verdictOf(report, language),
    blocks: [
      ...cautions(report, language),
      ...(report.jobsWatched === 0 ? [] : body(report, language, detail)),
      ...goneBlock(report, language),
    ],
    foot: word(WORDS.foot),
  };
}

function body(report: WeeklyReport, language: Language, detail: Detail): Block[] {
  const word = (value: Text): string => inLanguage(value, language);
  const shown = report.sections.slice(0, detail.jobs);
  const left = report.sections.length - shown.length;
  return [
    tilesOf(report, language),
    { kind: 'heading', text: word(WORDS.actions) },
    ...(report.actions.length === 0
      ? [{ kind: 'note', text: word(WORDS.actionsNone) } as const]
      : report.actions.map((action, i) => actionBlock(action, i + 1, report.currency, language))),
    { kind: 'heading', text: word(WORDS.changed) },
    ...news(report, language),
    ...charts(report, language),
    ...followed(report, language),
    { kind: 'heading', text: word(WORDS.savings) },
    ...savings(report, language),
    { kind: 'heading', text: word(WORDS.jobs) },
    ...shown.map((section) => jobBlock(section, report, language, detail)),
    ...(left > 0 ? [{ kind: 'note', text: `${left} ${word(WORDS.moreJobs)}` } as const] : []),
    ...settings(report, language),
  ];
}

function verdictOf(report: WeeklyReport, language: Language): string {
  const { jobsWatched, jobsWithFindings, changes } = report;
  if (jobsWatched === 0) return inLanguage(WORDS.none, language);
  const counts = NEWS.filter((change) => changes[change] > 0).map(
    (change) => `${changes[change]} ${inLanguage(CHANGE_WORDS[change], language)}`,
  );
  const head = inLanguage(
    text(
      `${counted(jobsWatched, 'job')} watched, ${jobsWithFindings} with findings`,
      `观察了 ${jobsWatched} 个作业，其中 ${jobsWithFindings} 个有发现`,
    ),
    language,
  );
  const { stop } = punctuation(language);
  return counts.length === 0
    ? head + stop
    : `${head}${stop}${language === 'en' ? ' ' : ''}${counts.join(' · ')}${stop}`;
}
