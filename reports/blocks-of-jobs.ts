import { compact, duration, inLanguage, minuteOf, percent, text, type Language, type Text } from '../analyzer/text.js';
import type { Action } from './actions.js';
import type { ActionBlock, FindingItem, JobBlock } from './blocks.js';
import { lengthMs } from './coverage.js';
import { costOf, effectOf, evidenceOf, health, punctuation, uptime } from './format.js';
import type { WeeklyReport } from './model.js';
import type { FindingLine } from './finding-lines.js';
import type { JobSection } from './section.js';
import { CHANGE_WORDS, SEVERITY_WORDS, WORDS } from './words.js';

/** How much a rendering has room for. */
export interface Detail {
  readonly jobs: number;
  readonly findingsPerJob: number;
}

export const EVERYTHING: Detail = { jobs: Number.MAX_SAFE_INTEGER, findingsPerJob: Number.MAX_SAFE_INTEGER };

export function actionBlock(
  action: Action,
  number: number,
  currency: string | undefined,
  language: Language,
): ActionBlock {
  const word = (value: Text): string => inLanguage(value, language);
  const { finding, diff, evidence, expected, saving } = action;
  const saved = saving === undefined ? undefined : costOf(saving, currency, language);
  return {
    kind: 'action',
    number,
    title: word(action.title),
    job: `${action.jobName} (${action.cluster})`,
    severity: finding.severity,
    severityWord: word(SEVERITY_WORDS[finding.severity]),
    because: `${word(finding.title)} (${word(WORDS.firing)} ${duration(finding.firingMs)})`,
    facts: [
      ...(evidence.length === 0
        ? []
        : [`${word(WORDS.evidence)}: ${evidence.map((one) => evidenceOf(one, language)).join('; ')}`]),
      ...(expected === undefined ? [] : [`${word(WORDS.expected)}: ${effectOf(expected, language)}`]),
      ...(saved === undefined ? [] : [`${word(WORDS.saves)} ${saved} ${word(WORDS.aWeek)}`]),
    ],
    ...(diff === undefined ? {} : { diff: { title: diff.dialect, text: diff.text.replace(/\n+$/, '') } }),
  };
}

export function findingItem(
  line: FindingLine,
  language: Language,
  { job, withChange }: { readonly job?: Pick<JobSection, 'cluster' | 'jobName'>; readonly withChange: boolean },
): FindingItem {
  const word = (value: Text): string => inLanguage(value, language);
  const { severityBefore, severityNow, snoozed, firingMs, rule } = line;
  const place = job === undefined ? '' : `${job.jobName} (${job.cluster})${punctuation(language).colon}`;
  const parts = [
    rule,
    ...(severityBefore === undefined || severityNow === undefined
      ? []
      : [`${word(SEVERITY_WORDS[severityBefore])} → ${word(SEVERITY_WORDS[severityNow])}`]),
    ...(firingMs === 0 ? [] : [`${word(WORDS.firing)} ${duration(firingMs)}`]),
    ...(snoozed === undefined ? [] : [`${word(WORDS.until)} ${minuteOf(snoozed.untilMs)}: ${snoozed.reason}`]),
  ];
  return {
    severity: line.severity,
    severityWord: word(SEVERITY_WORDS[line.severity]),
    ...(withChange ? { change: word(CHANGE_WORDS[line.change]) } : {}),
    text: `${place}${word(line.title)} (${parts.join('; ')})`,
  };
}

export function jobBlock(
  section: JobSection,
  report: Pick<WeeklyReport, 'currency' | 'knownToMs' | 'hoursWithoutData'>,
  language: Language,
  { findingsPerJob }: Detail,
): JobBlock {
  const word = (value: Text): string => inLanguage(value, language);
  const measured = section.findings.filter(({ basis }) => basis === 'measured');
  const shown = measured.slice(0, findingsPerJob);
  const left = measured.length - shown.length;
  const caution = cautionOf(section, report, language);
  const { owner, cluster, health: of } = section;
  const before = of.before === undefined ? '' : ` (${word(WORDS.before)} ${health(of.before, language)})`;
  return {
    kind: 'job',
    name: section.jobName,
    place: owner === undefined ? cluster : `${cluster} · ${owner}`,
    ...(of.mean === undefined ? {} : { health: `${word(WORDS.health)} ${health(of.mean, language)}${before}` }),
    figures: figuresOf(section, report.currency, language),
    ...(caution === undefined ? {} : { caution }),
    findings: shown.map((line) => findingItem(line, language, { withChange: true })),
    ...(left > 0 ? { more: `+${left} ${word(WORDS.moreFindings)}` } : {}),
  };
}

/** A job that is gone by the end of the week was not seen in its last hours. */
const GONE_MS = 3 * 3_600_000;

function cautionOf(
  section: JobSection,
  { knownToMs, hoursWithoutData }: Pick<WeeklyReport, 'knownToMs' | 'hoursWithoutData'>,
  language: Language,
): string | undefined {
  const { isJudged, coveredRatio, lastWatchedMs = knownToMs } = section;
  const seen = percent(coveredRatio);
  // What the whole fleet misses is said once, at its head.
  const missingMs = lengthMs(section.hoursWithoutData) - lengthMs(hoursWithoutData);
  const missing = duration(missingMs);
  const parts: readonly (Text | undefined)[] = [
    isJudged ? undefined : text(`No verdict: watched for ${seen} of the week.`, `不作判断：仅观察了本周的 ${seen}。`),
    isJudged && missingMs > 0
      ? text(`No data for ${missing} more than the fleet.`, `比整体多 ${missing} 没有数据。`)
      : undefined,
    knownToMs - lastWatchedMs < GONE_MS
      ? undefined
      : text(`Not seen since ${minuteOf(lastWatchedMs)}.`, `最后一次读到：${minuteOf(lastWatchedMs)}。`),
  ];
  const said = parts.flatMap((part) => (part === undefined ? [] : inLanguage(part, language)));
  return said.length === 0 ? undefined : said.join(' ');
}

function figuresOf({ figures, cost }: JobSection, currency: string | undefined, language: Language): string {
  const word = (value: Text): string => inLanguage(value, language);
  const { uptimeRatio, restarts, checkpoints, checkpointSuccessRatio, busyRatioP95, heapRatioP95 } = figures;
  const spent = costOf(cost, currency, language);
  const lag = lagOf(figures, language);
  const parts = [
    ...(uptimeRatio === undefined ? [] : [`${word(WORDS.uptime)} ${uptime(uptimeRatio)}`]),
    ...(restarts === undefined ? [] : [`${restarts} ${word(restarts === 1 ? WORDS.restart : WORDS.restarts)}`]),
    ...(checkpointSuccessRatio === undefined || checkpoints === undefined
      ? []
      : [
          `${word(WORDS.checkpoints)} ${uptime(checkpointSuccessRatio)}${checkpoints.failed === 0 ? '' : failedOf(checkpoints.failed, language)}`,
        ]),
    ...(lag === undefined ? [] : [lag]),
    ...(busyRatioP95 === undefined ? [] : [`${word(WORDS.busy)} ${percent(busyRatioP95)}`]),
    ...(heapRatioP95 === undefined ? [] : [`${word(WORDS.heap)} ${percent(heapRatioP95)}`]),
    ...(spent === undefined ? [] : [spent]),
  ];
  return parts.length === 0 ? word(WORDS.noFigures) : parts.join(' · ');
}

const failedOf = (failed: number, language: Language): string =>
  inLanguage(text(` (${failed} failed)`, `（${failed} 次失败）`), language);

function lagOf({ lagRecordsP95, lagSecondsMax }: JobSection['figures'], language: Language): string | undefined {
  if (lagRecordsP95 === undefined) return undefined;
  const word = (value: Text): string => inLanguage(value, language);
  const seconds =
    lagSecondsMax === undefined || lagSecondsMax < 1 ? '' : ` (${word(WORDS.upTo)} ${duration(lagSecondsMax * 1000)})`;
  return `${word(WORDS.lag)} ${compact(lagRecordsP95)} ${word(WORDS.records)}${seconds}`;
}
