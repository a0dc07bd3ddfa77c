import { duration, inLanguage, minuteOf, text, type Language, type Text } from '../analyzer/text.js';
import type { Block } from './blocks.js';
import { MIN_COVERED_RATIO } from './coverage.js';
import { punctuation, spanOf } from './format.js';
import type { WeeklyReport } from './model.js';
import { WORDS } from './words.js';

/** Holes that are named one by one. */
const MAX_GAPS = 6;
const MAX_GONE = 10;

/** What weakens the report is said before anything else. */
export function cautions(report: WeeklyReport, language: Language): Block[] {
  const word = (value: Text): string => inLanguage(value, language);
  const { stop, colon, semicolon } = punctuation(language);
  const { knownToMs, toMs, hoursWithoutData: gaps, jobsUnjudged, jobsWatched } = report;
  const named = gaps.slice(0, MAX_GAPS).map((gap) => spanOf(gap, language));
  const rest = gaps.slice(MAX_GAPS).reduce((total, gap) => total + gap.toMs - gap.fromMs, 0);
  const more = rest === 0 ? '' : inLanguage(text(`; ${duration(rest)} more`, `；另有 ${duration(rest)}`), language);
  return [
    ...(knownToMs < toMs ? [caution(`${word(WORDS.running)} ${minuteOf(knownToMs)}${stop}`)] : []),
    ...(gaps.length > 0 ? [caution(`${word(WORDS.noData)}${colon}${named.join(semicolon)}${more}${stop}`)] : []),
    ...(jobsWatched > 0 && gaps.length === 0 ? [{ kind: 'note', text: word(WORDS.noDataNone) } as const] : []),
    ...(jobsUnjudged > 0 ? [caution(unjudgedWords(jobsUnjudged, language))] : []),
  ];
}

function unjudgedWords(jobs: number, language: Language): string {
  const share = Math.round(MIN_COVERED_RATIO * 100);
  return inLanguage(
    text(
      `No verdict on ${jobs} ${jobs === 1 ? 'job' : 'jobs'}: watched for less than ${share} % of the week. The figure stands with each.`,
      `${jobs} 个作业不作判断：观察时间不足本周的 ${share} %，具体数值见各作业。`,
    ),
    language,
  );
}

const caution = (words: string): Block => ({ kind: 'note', text: words, isCaution: true });

export function goneBlock({ gone }: WeeklyReport, language: Language): Block[] {
  if (gone.length === 0) return [];
  const names = gone.slice(0, MAX_GONE).map(({ cluster, jobName }) => `${jobName} (${cluster})`);
  const more = gone.length > MAX_GONE ? ` +${gone.length - MAX_GONE}` : '';
  const { stop, colon, comma } = punctuation(language);
  return [{ kind: 'note', text: `${inLanguage(WORDS.gone, language)}${colon}${names.join(comma)}${more}${stop}` }];
}
