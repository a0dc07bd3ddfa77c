import type { Severity, Snooze } from '../analyzer/engine/finding.js';
import { actionsOf, type Action } from './actions.js';
import { changeOf } from './changes.js';
import type { Cost, Prices } from './cost.js';
import { hoursWithoutData, lengthMs, MIN_COVERED_RATIO, within } from './coverage.js';
import type { Followed, JobWeek, Span } from './facts.js';
import { lineOf, type FindingLine } from './finding-lines.js';
import { findingTimes, type FindingTimes } from './finding-times.js';
import { jobCost, jobFigures, meanHealth, type JobFigures } from './job-figures.js';
import { estimatedSaving, followedIn, realisedSaving } from './savings.js';

/** Snoozes that lasted into the week, by finding id. */
export type WeekSnoozes = ReadonlyMap<string, Snooze>;

export interface HealthOfWeek {
  /** The last that was known in the week, 0–100. */
  readonly now?: number;
  readonly mean?: number;
  /** Mean of the week before. */
  readonly before?: number;
}

/** One day of the week, UTC. */
export interface JobDay {
  /** Findings firing at some time of the day, explained ones and those of configuration left out. */
  readonly critical: number;
  readonly warning: number;
}

export interface JobSection {
  readonly cluster: string;
  readonly jobName: string;
  readonly owner?: string;
  readonly watchedMs: number;
  /** Share of the week, as far as it is over, in which the job was read, 0–1. */
  readonly coveredRatio: number;
  readonly coveredBeforeRatio: number;
  /** False: it was watched too little for a verdict. Then it has no health, no actions, no savings. */
  readonly isJudged: boolean;
  readonly hoursWithoutData: readonly Span[];
  readonly lastWatchedMs?: number;
  readonly health: HealthOfWeek;
  readonly findings: readonly FindingLine[];
  readonly figures: JobFigures;
  readonly cost: Cost;
  readonly savings: { readonly estimated?: Cost; readonly realised?: Cost };
  readonly actions: readonly Action[];
  /** Advice that was followed, or held against what it promised, in this week. */
  readonly followed: readonly Followed[];
  /** Health by time of the week, as the fleet's curve is made of it. */
  readonly curve: readonly { readonly atMs: number; readonly health: number }[];
  readonly curveBefore: readonly { readonly atMs: number; readonly health: number }[];
  readonly days: readonly JobDay[];
}

export interface SectionInput {
  readonly cluster: string;
  readonly jobName: string;
  readonly owner?: string;
  readonly now: JobWeek;
  readonly before?: JobWeek;
  /** Ends at what is known: now, of a week that is not over. */
  readonly range: Span;
  readonly rangeBefore: Span;
  readonly snoozes: WeekSnoozes;
  readonly prices?: Prices;
}

const DAY_MS = 86_400_000;
const WEIGHT: Readonly<Record<Severity, number>> = { critical: 3, warning: 2, info: 1 };

/** What one job's week says, against the week before. Pure. */
export function jobSection(input: SectionInput): JobSection {
  const { cluster, jobName, owner, now, before, range, rangeBefore, snoozes, prices } = input;
  const watched = within(now.watched, range);
  const watchedMs = lengthMs(watched);
  const coveredRatio = ratioOf(watchedMs, range);
  const coveredBeforeRatio = ratioOf(lengthMs(within(before?.watched ?? [], rangeBefore)), rangeBefore);
  const isJudged = coveredRatio >= MIN_COVERED_RATIO;
  const isBeforeJudged = coveredBeforeRatio >= MIN_COVERED_RATIO;
  const timesNow = findingTimes(now, range);
  const timesBefore = before === undefined ? new Map<string, FindingTimes>() : findingTimes(before, rangeBefore);
  const findings = [...new Set([...timesNow.keys(), ...timesBefore.keys()])]
    .flatMap((id): FindingLine[] => {
      const snooze = snoozes.get(id);
      const times = { now: timesNow.get(id), before: timesBefore.get(id) };
      const weeks = { weekNow: now, weekBefore: before, range, rangeBefore };
      return lineOf(times, changeOf({ ...times, ...weeks, snooze, isJudged, isBeforeJudged }), snooze);
    })
    .sort((a, b) => WEIGHT[b.severity] - WEIGHT[a.severity] || b.firingMs - a.firingMs || (a.id < b.id ? -1 : 1));
  const last = watched.at(-1);
  const actions = isJudged
    ? actionsOf({ cluster, jobName, owner, moments: now.moments, findings }, (proposal, moment) =>
        estimatedSaving(proposal, moment, cluster, prices),
      )
    : [];
  const largest = largestSaving(actions);
  const realised = isJudged ? realisedSaving(now, range, before, cluster, prices) : undefined;
  return {
    cluster,
    jobName,
    ...(owner === undefined ? {} : { owner }),
    watchedMs,
    coveredRatio,
    coveredBeforeRatio,
    isJudged,
    hoursWithoutData: hoursWithoutData(watched, range),
    ...(last === undefined ? {} : { lastWatchedMs: last.toMs }),
    health: isJudged ? healthOfWeek(now, isBeforeJudged ? before : undefined) : {},
    findings,
    figures: jobFigures(now, range),
    cost: jobCost(now, range, cluster, prices),
    savings: {
      ...(largest === undefined ? {} : { estimated: largest }),
      ...(realised === undefined ? {} : { realised }),
    },
    actions,
    followed: followedIn(now).filter(({ appliedMs, judgedMs = appliedMs }) => judgedMs >= range.fromMs),
    curve: isJudged ? curveOf(now) : [],
    curveBefore: isBeforeJudged && before !== undefined ? curveOf(before) : [],
    days: daysOf([...timesNow.values()], range),
  };
}

function ratioOf(ms: number, { fromMs, toMs }: Span): number {
  return toMs <= fromMs ? 0 : Math.min(1, ms / (toMs - fromMs));
}

function healthOfWeek(now: JobWeek, before: JobWeek | undefined): HealthOfWeek {
  const latest = now.moments.findLast(({ health }) => health !== undefined)?.health;
  const mean = meanHealth(now.moments);
  const was = before === undefined ? undefined : meanHealth(before.moments);
  return {
    ...(latest === undefined ? {} : { now: latest }),
    ...(mean === undefined ? {} : { mean }),
    ...(was === undefined ? {} : { before: was }),
  };
}

/** Proposals of one job may fight over the same slots, so they are not added up: the largest stands for the job. */
function largestSaving(actions: readonly Action[]): Cost | undefined {
  const size = ({ money = 0, coreHours = 0, gbHours = 0 }: Cost): number => money * 1e6 + coreHours + gbHours / 4;
  return actions.flatMap(({ saving }) => saving ?? []).sort((a, b) => size(b) - size(a))[0];
}

const curveOf = ({ moments }: JobWeek): JobSection['curve'] =>
  moments.flatMap(({ atMs, health }) => (health === undefined ? [] : [{ atMs, health }]));

function daysOf(times: readonly FindingTimes[], { fromMs, toMs }: Span): readonly JobDay[] {
  const days: JobDay[] = [];
  for (let dayMs = fromMs; dayMs < toMs; dayMs += DAY_MS) {
    const day = { fromMs: dayMs, toMs: dayMs + DAY_MS };
    const there = times.filter(
      ({ seen, firing }) => !seen.isSymptom && seen.basis === 'measured' && within(firing, day).length > 0,
    );
    const count = (severity: Severity): number => there.filter(({ worst }) => worst === severity).length;
    days.push({ critical: count('critical'), warning: count('warning') });
  }
  return days;
}
