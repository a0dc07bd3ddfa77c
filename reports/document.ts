import { compact, duration, inLanguage, text, type Language, type Text } from '../analyzer/text.js';
import { actionBlock, findingItem, jobBlock, type Detail } from './blocks-of-jobs.js';
import type { Block, FindingItem, Group, ReportDocument, Table, Tiles } from './blocks.js';
import type { Change } from './changes.js';
import { MIN_COVERED_RATIO } from './coverage.js';
import { costOf, dayOf, health, minuteOf, moneyOf, periodOf, spanOf } from './format.js';
import type { WeeklyReport } from './model.js';
import { CHANGE_WORDS, WORDS } from './words.js';

/** News of each kind that the summary lists; the jobs have all. */
const MAX_NEWS = 8;
const NEWS: readonly Change[] = ['new', 'worse', 'better', 'fixed', 'snoozed'];
/** Holes that are named one by one. */
const MAX_GAPS = 6;
const MAX_GONE = 10;

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
    ...charts(report, language),
    { kind: 'heading', text: word(WORDS.actions) },
    ...(report.actions.length === 0
      ? [{ kind: 'note', text: word(WORDS.actionsNone) } as const]
      : report.actions.map((action, i) => actionBlock(action, i + 1, report.currency, language))),
    { kind: 'heading', text: word(WORDS.changed) },
    ...news(report, language),
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
      `${jobsWatched} jobs watched, ${jobsWithFindings} with findings`,
      `观察了 ${jobsWatched} 个作业，其中 ${jobsWithFindings} 个有发现`,
    ),
    language,
  );
  const stop = inLanguage(text('.', '。'), language);
  return counts.length === 0 ? head + stop : `${head}${stop} ${counts.join(' · ')}${stop}`;
}

/** What weakens the report is said before anything else. */
function cautions(report: WeeklyReport, language: Language): Block[] {
  const word = (value: Text): string => inLanguage(value, language);
  const { knownToMs, toMs, hoursWithoutData: gaps, jobsUnjudged, jobsWatched } = report;
  const named = gaps.slice(0, MAX_GAPS).map((gap) => spanOf(gap, language));
  const rest = gaps.slice(MAX_GAPS).reduce((total, gap) => total + gap.toMs - gap.fromMs, 0);
  const more = rest === 0 ? '' : inLanguage(text(`; ${duration(rest)} more`, `；另有 ${duration(rest)}`), language);
  return [
    ...(knownToMs < toMs ? [caution(`${word(WORDS.running)} ${minuteOf(knownToMs)}.`)] : []),
    ...(gaps.length > 0 ? [caution(`${word(WORDS.noData)}: ${named.join('; ')}${more}.`)] : []),
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

function tilesOf(report: WeeklyReport, language: Language): Tiles {
  const word = (value: Text): string => inLanguage(value, language);
  const { health: of, changes, cost, currency } = report;
  const before =
    of.before === undefined
      ? word(WORDS.noComparison)
      : `${word(WORDS.healthBefore)} ${health(of.before, language)}${stepOf(of.mean, of.before)}`;
  const open = changes.new + changes.worse + changes.open + changes.better + changes.unjudged;
  const hours = costOf(cost, undefined, language);
  return {
    kind: 'tiles',
    items: [
      { label: word(WORDS.health), value: health(of.mean, language), note: before },
      {
        label: inLanguage(text('Open findings', '未解决的发现'), language),
        value: String(open),
        note: `${changes.new} ${word(CHANGE_WORDS.new)} · ${changes.worse} ${word(CHANGE_WORDS.worse)} · ${changes.fixed} ${word(CHANGE_WORDS.fixed)}`,
      },
      ...(cost.money === undefined || currency === undefined
        ? [
            {
              label: word(WORDS.cost),
              value:
                cost.coreHours === undefined
                  ? word(WORDS.unknown)
                  : `${compact(cost.coreHours)} ${word(WORDS.coreHours)}`,
              ...(cost.gbHours === undefined ? {} : { note: `${compact(cost.gbHours)} ${word(WORDS.gbHours)}` }),
            },
          ]
        : [
            {
              label: word(WORDS.cost),
              value: moneyOf(cost.money, currency, language),
              ...(hours === undefined ? {} : { note: hours }),
            },
          ]),
    ],
  };
}

function stepOf(now: number | undefined, before: number): string {
  const step = Math.round(now ?? before) - Math.round(before);
  return step === 0 ? '' : ` (${step > 0 ? '+' : '−'}${Math.abs(step)})`;
}

function charts(report: WeeklyReport, language: Language): Block[] {
  const word = (value: Text): string => inLanguage(value, language);
  const days = healthByDay(report);
  const known = days.some(({ now, before }) => now !== undefined || before !== undefined);
  const healthTable: Table = {
    kind: 'table',
    caption: word(WORDS.healthChart),
    head: [word(WORDS.day), word(WORDS.thisWeek), word(WORDS.healthBefore)],
    rows: days.map(({ atMs, now, before }) => [dayOf(atMs, language), dash(now), dash(before)]),
  };
  const findingsTable: Table = {
    kind: 'table',
    caption: word(WORDS.findingsChart),
    head: [
      word(WORDS.day),
      inLanguage(text('Critical', '严重'), language),
      inLanguage(text('Warning', '警告'), language),
    ],
    rows: report.days.map(({ atMs, critical, warning }) => [dayOf(atMs, language), String(critical), String(warning)]),
  };
  return [
    ...(known
      ? [{ kind: 'chart', name: 'health', alt: healthAlt(report, language), table: healthTable } as const]
      : []),
    { kind: 'chart', name: 'findings', alt: findingsAlt(report, language), table: findingsTable },
  ];
}

const dash = (value: number | undefined): string => (value === undefined ? '–' : String(Math.round(value)));

export function healthByDay({ curve }: WeeklyReport): readonly { atMs: number; now?: number; before?: number }[] {
  const days = new Map<number, { now: number[]; before: number[] }>();
  for (const { atMs, now, before } of curve) {
    const dayMs = Math.floor(atMs / 86_400_000) * 86_400_000;
    const day = days.get(dayMs) ?? { now: [], before: [] };
    days.set(dayMs, day);
    if (now !== undefined) day.now.push(now);
    if (before !== undefined) day.before.push(before);
  }
  const mean = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;
  return [...days].map(([atMs, { now, before }]) => ({
    atMs,
    ...(now.length === 0 ? {} : { now: mean(now) }),
    ...(before.length === 0 ? {} : { before: mean(before) }),
  }));
}

function healthAlt({ health: of }: WeeklyReport, language: Language): string {
  const now = health(of.mean, language);
  const before = of.before === undefined ? undefined : health(of.before, language);
  return inLanguage(
    before === undefined
      ? text(`Line: mean health ${now} of 100 over the week.`, `折线图：本周平均健康度 ${now}（满分 100）。`)
      : text(
          `Lines: mean health ${now} of 100 over the week, ${before} the week before.`,
          `折线图：本周平均健康度 ${now}（满分 100），上一周 ${before}。`,
        ),
    language,
  );
}

function findingsAlt({ days }: WeeklyReport, language: Language): string {
  const total = (key: 'critical' | 'warning'): number => Math.max(0, ...days.map((day) => day[key]));
  return inLanguage(
    text(
      `Bars: findings by day, ${total('critical')} critical and ${total('warning')} warnings at most.`,
      `柱状图：每日发现数，最多 ${total('critical')} 个严重、${total('warning')} 个警告。`,
    ),
    language,
  );
}

function news(report: WeeklyReport, language: Language): Block[] {
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
        title: `${inLanguage(CHANGE_WORDS[change], language)} (${items.length})`,
        items: items.slice(0, MAX_NEWS),
        ...(left > 0 ? { more: `${left} ${inLanguage(WORDS.more, language)}` } : {}),
      },
    ];
  });
  return groups.length === 0 ? [{ kind: 'note', text: inLanguage(WORDS.changedNone, language) }] : groups;
}

function savings({ savings: of, currency }: WeeklyReport, language: Language): Block[] {
  const word = (value: Text): string => inLanguage(value, language);
  const said = (key: 'estimated' | 'realised'): string =>
    `${word(WORDS[key])}: ${costOf(of[key], currency, language) ?? word(WORDS.nothing)}.`;
  return [
    { kind: 'note', text: said('estimated') },
    { kind: 'note', text: said('realised') },
    { kind: 'note', text: word(WORDS.apart) },
  ];
}

/** The same setting is missing in many jobs: it is one decision. */
function settings({ sections }: WeeklyReport, language: Language): Block[] {
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

function goneBlock({ gone }: WeeklyReport, language: Language): Block[] {
  if (gone.length === 0) return [];
  const names = gone.slice(0, MAX_GONE).map(({ cluster, jobName }) => `${jobName} (${cluster})`);
  const more = gone.length > MAX_GONE ? ` +${gone.length - MAX_GONE}` : '';
  return [{ kind: 'note', text: `${inLanguage(WORDS.gone, language)}: ${names.join(', ')}${more}.` }];
}
