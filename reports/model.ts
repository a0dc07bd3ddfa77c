import { mostUrgent, type Action } from './actions.js';
import { CHANGES, type Change } from './changes.js';
import { sumOfCosts, type Cost } from './cost.js';
import { hoursWithoutData } from './coverage.js';
import type { Span, Week } from './facts.js';
import type { FindingLine } from './finding-lines.js';
import { curveOf, daysOf, type HealthPoint, type ReportDay } from './fleet-curve.js';
import type { HealthOfWeek, JobSection } from './section.js';

export interface WeeklyReport extends Week {
  /** Only of one owner's jobs. */
  readonly owner?: string;
  /** Until when the week was known when the report was made; `toMs` of a week that is over. */
  readonly knownToMs: number;
  readonly jobsWatched: number;
  readonly jobsWithFindings: number;
  readonly jobsUnjudged: number;
  /** Mean over the judged jobs. */
  readonly health: HealthOfWeek;
  /** Findings by what became of them since the week before. */
  readonly changes: Readonly<Record<Change, number>>;
  readonly actions: readonly Action[];
  readonly cost: Cost;
  /** ISO 4217, where prices are configured. */
  readonly currency?: string;
  /** Apart, and never added: the one is a promise, the other came true. */
  readonly savings: { readonly estimated: Cost; readonly realised: Cost };
  /** Hours in which no job was read. */
  readonly hoursWithoutData: readonly Span[];
  /** Jobs of the week before that were not seen in this one. */
  readonly gone: readonly { readonly cluster: string; readonly jobName: string }[];
  readonly curve: readonly HealthPoint[];
  readonly days: readonly ReportDay[];
  /** Those that suffered most first. */
  readonly sections: readonly JobSection[];
}

export interface FleetInput {
  readonly week: Week;
  readonly knownToMs: number;
  readonly sections: readonly JobSection[];
  readonly gone: readonly { readonly cluster: string; readonly jobName: string; readonly owner?: string }[];
  readonly currency?: string;
}

/** Read to the end, or not at all. */
const TOP_ACTIONS = 5;
const WEIGHT = { critical: 3, warning: 2, info: 0 } as const;

/** Joins the jobs' weeks into one report; with `owner`, of that owner's jobs only. Pure. */
export function weeklyReport(input: FleetInput, owner?: string): WeeklyReport {
  const own = <T extends { readonly owner?: string }>(list: readonly T[]): readonly T[] =>
    owner === undefined ? list : list.filter((one) => one.owner === owner);
  const sections = [...own(input.sections)].sort(
    (a, b) => burden(b) - burden(a) || compare(a.jobName, b.jobName) || compare(a.cluster, b.cluster),
  );
  const { week, fromMs, toMs } = input.week;
  const judged = sections.filter(({ isJudged }) => isJudged);
  return {
    week,
    fromMs,
    toMs,
    knownToMs: input.knownToMs,
    ...(owner === undefined ? {} : { owner }),
    jobsWatched: sections.length,
    jobsWithFindings: sections.filter(({ findings }) => findings.some(isThere)).length,
    jobsUnjudged: sections.length - judged.length,
    health: healthOf(judged),
    changes: changesOf(sections),
    actions: mostUrgent(
      judged.flatMap(({ actions }) => actions),
      TOP_ACTIONS,
    ),
    cost: sumOfCosts(sections.map(({ cost }) => cost)),
    ...(input.currency === undefined ? {} : { currency: input.currency }),
    savings: {
      estimated: sumOfCosts(sections.flatMap(({ savings }) => savings.estimated ?? [])),
      realised: sumOfCosts(sections.flatMap(({ savings }) => savings.realised ?? [])),
    },
    hoursWithoutData: commonGaps(sections, { fromMs, toMs: input.knownToMs }),
    gone: own(input.gone).map(({ cluster, jobName }) => ({ cluster, jobName })),
    curve: curveOf(judged, { fromMs, toMs: input.knownToMs }),
    days: daysOf(sections, fromMs),
    sections,
  };
}

/** What was fixed before this week is nothing that one would find in it; a job is not ill by its configuration. */
const isThere = ({ firingMs, basis }: FindingLine): boolean => firingMs > 0 && basis === 'measured';
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function healthOf(judged: readonly JobSection[]): HealthOfWeek {
  const mean = (key: keyof HealthOfWeek): Partial<HealthOfWeek> => {
    const known = judged.flatMap(({ health }) => health[key] ?? []);
    return known.length === 0 ? {} : { [key]: known.reduce((total, value) => total + value, 0) / known.length };
  };
  return { ...mean('now'), ...mean('mean'), ...mean('before') };
}

function changesOf(sections: readonly JobSection[]): Readonly<Record<Change, number>> {
  const lines = sections.flatMap(({ findings }) => findings.filter(({ basis }) => basis === 'measured'));
  const counts = CHANGES.map((change) => [change, lines.filter((line) => line.change === change).length] as const);
  return Object.fromEntries(counts) as Record<Change, number>; // One entry for each of CHANGES.
}

function commonGaps(sections: readonly JobSection[], range: Span): readonly Span[] {
  if (sections.length === 0) return range.toMs > range.fromMs ? [range] : [];
  // An hour that one job has is an hour of the fleet.
  const covered = sections.flatMap(({ hoursWithoutData: gaps }) => complement(gaps, range));
  return hoursWithoutData(covered, range);
}

function complement(gaps: readonly Span[], { fromMs, toMs }: Span): Span[] {
  const edges = [fromMs, ...gaps.flatMap((gap) => [gap.fromMs, gap.toMs]), toMs];
  const spans: Span[] = [];
  for (let i = 0; i < edges.length; i += 2) spans.push({ fromMs: edges[i] ?? toMs, toMs: edges[i + 1] ?? toMs });
  return spans.filter((span) => span.toMs > span.fromMs);
}

function burden({ findings }: JobSection): number {
  return findings.reduce(
    (total, { severity, firingMs, basis }) =>
      total + (basis === 'configuration' || firingMs === 0 ? 0 : WEIGHT[severity] * firingMs),
    0,
  );
}
