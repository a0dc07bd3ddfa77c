import { duration, inLanguage, text, type Language, type Text } from '../analyzer/text.js';
import type { ReportFormat } from '../dashboard/contract.js';
import type { FindingLine, WeeklyReport } from './model.js';

const WORDS = {
  title: text('Flink tuning report', 'Flink 调优周报'),
  watched: text('jobs watched', '个作业被观察'),
  withFindings: text('with findings', '个有发现'),
  firing: text('firing for', '持续'),
  open: text('still open', '仍未解决'),
  snoozed: text('snoozed until', '已静默至'),
  quiet: text('Nothing was found.', '没有发现问题。'),
  none: text('No job was watched in this week.', '本周没有观察到作业。'),
  severity: text('severity', '严重度'),
} as const satisfies Readonly<Record<string, Text>>;

const SEVERITY: Readonly<Record<FindingLine['severity'], Text>> = {
  critical: text('critical', '严重'),
  warning: text('warning', '警告'),
  info: text('info', '提示'),
};

/** Names come from Flink and may hold anything: no link, tag or heading may come of them. */
export function escapeMarkdown(value: string): string {
  return oneLine(value).replace(/[\\`*_{}[\]<>()#+!|~]/g, (character) => `\\${character}`);
}

export function escapeHtml(value: string): string {
  return oneLine(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function oneLine(value: string): string {
  // eslint-disable-next-line no-control-regex -- taking control characters out is what this is for
  return value.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

/** The report as one text of the wanted kind. */
export function renderReport(report: WeeklyReport, format: ReportFormat, language: Language): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(inLanguage(report, language), undefined, 2)}\n`;
    case 'html':
      return renderHtml(report, language);
    case 'markdown':
      return renderMarkdown(report, language);
    case 'text':
      return renderText(report, language);
  }
}

function headline(report: WeeklyReport, language: Language): string {
  const word = (key: keyof typeof WORDS): string => inLanguage(WORDS[key], language);
  if (report.jobsWatched === 0) return word('none');
  return `${report.jobsWatched} ${word('watched')}, ${report.jobsWithFindings} ${word('withFindings')}.`;
}

function describe(line: FindingLine, language: Language): string {
  const word = (key: keyof typeof WORDS): string => inLanguage(WORDS[key], language);
  const parts = [
    line.rule,
    `${word('firing')} ${duration(line.firingMs)}`,
    ...(line.openNow ? [word('open')] : []),
    ...(line.snoozed === undefined
      ? []
      : [`${word('snoozed')} ${minuteOf(line.snoozed.untilMs)}: ${line.snoozed.reason}`]),
  ];
  return `${inLanguage(line.title, language)} (${parts.join('; ')})`;
}

/** `2026-11-20 14:05 UTC`: a report is read in more than one time zone. */
function minuteOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function renderMarkdown(report: WeeklyReport, language: Language): string {
  const sections = report.sections.flatMap((section) => [
    `## ${escapeMarkdown(section.jobName)} (${escapeMarkdown(section.cluster)})`,
    '',
    ...(section.findings.length === 0
      ? [inLanguage(WORDS.quiet, language)]
      : section.findings.map(
          (line) =>
            `- **${inLanguage(SEVERITY[line.severity], language)}** ${escapeMarkdown(describe(line, language))}`,
        )),
    '',
  ]);
  return [
    `# ${inLanguage(WORDS.title, language)} ${report.week}`,
    '',
    headline(report, language),
    '',
    ...sections,
  ].join('\n');
}

export function renderText(report: WeeklyReport, language: Language): string {
  const sections = report.sections.flatMap((section) => [
    `${oneLine(section.jobName)} (${oneLine(section.cluster)})`,
    ...(section.findings.length === 0
      ? [`  ${inLanguage(WORDS.quiet, language)}`]
      : section.findings.map(
          (line) => `  ${inLanguage(SEVERITY[line.severity], language)}: ${oneLine(describe(line, language))}`,
        )),
    '',
  ]);
  return [`${inLanguage(WORDS.title, language)} ${report.week}`, headline(report, language), '', ...sections].join(
    '\n',
  );
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c2326;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}ul{padding-left:1.2rem}.critical{color:#a11}.warning{color:#8a5200}.info{color:#1d5c9e}
@media(prefers-color-scheme:dark){body{color:#e4e9eb;background:#14191b}.critical{color:#ff8d85}.warning{color:#f0b45a}.info{color:#8fc0f5}}`;

/** A page that stands alone: no script, nothing loaded from elsewhere. */
export function renderHtml(report: WeeklyReport, language: Language): string {
  const sections = report.sections.map(
    (section) =>
      `<h2>${escapeHtml(section.jobName)} <small>${escapeHtml(section.cluster)}</small></h2>` +
      (section.findings.length === 0
        ? `<p>${inLanguage(WORDS.quiet, language)}</p>`
        : `<ul>${section.findings
            .map(
              (line) =>
                `<li><strong class="${line.severity}">${inLanguage(SEVERITY[line.severity], language)}</strong> ${escapeHtml(describe(line, language))}</li>`,
            )
            .join('')}</ul>`),
  );
  const title = `${inLanguage(WORDS.title, language)} ${report.week}`;
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1><p>${headline(report, language)}</p>${sections.join('\n')}</body></html>
`;
}
