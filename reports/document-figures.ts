import { compact, inLanguage, text, type Language, type Text } from '../analyzer/text.js';
import type { Block, Table, Tiles } from './blocks.js';
import { costOf, dayOf, health, moneyOf } from './format.js';
import type { WeeklyReport } from './model.js';
import { CHANGE_WORDS, WORDS } from './words.js';

export function tilesOf(report: WeeklyReport, language: Language): Tiles {
  const word = (value: Text): string => inLanguage(value, language);
  const { health: of, changes, cost, currency } = report;
  const before =
    of.before === undefined
      ? word(WORDS.noComparison)
      : `${word(WORDS.before)} ${health(of.before, language)}${stepOf(of.mean, of.before)}`;
  const now = of.now === undefined ? '' : `${word(WORDS.atTheEnd)} ${health(of.now, language)} · `;
  const open = changes.new + changes.worse + changes.open + changes.better + changes.unjudged;
  const hours = costOf(cost, undefined, language);
  return {
    kind: 'tiles',
    items: [
      { label: word(WORDS.health), value: health(of.mean, language), note: now + before },
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

export function charts(report: WeeklyReport, language: Language): Block[] {
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

function healthByDay({ curve }: WeeklyReport): readonly { atMs: number; now?: number; before?: number }[] {
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
