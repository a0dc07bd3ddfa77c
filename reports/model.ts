import type { Life } from '../analyzer/engine/lifecycle.js';
import type { Finding, Severity, Snooze } from '../analyzer/engine/finding.js';
import type { Text } from '../analyzer/text.js';

/** What the report reads of a stored finding. A week of one job has ten thousand records, so the rest is let go. */
export type ReportedLife = Pick<Life, 'id' | 'state' | 'firstSeenMs' | 'lastSeenMs'> & {
  readonly finding: Pick<Finding, 'rule' | 'title' | 'severity' | 'subject'>;
};

/** What the report is made of: findings as stored over the week, newest record last. */
export interface StoredFindings {
  readonly cluster: string;
  readonly jobName: string;
  readonly atMs: number;
  readonly lives: readonly ReportedLife[];
}

/** A job that was seen in the week. */
export interface WatchedJob {
  readonly cluster: string;
  readonly jobName: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface Week {
  /** ISO week, `2026-W47`. */
  readonly week: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Snoozes that lasted into the week, by finding id. */
export type WeekSnoozes = ReadonlyMap<string, Snooze>;

export interface ReportInput extends Week {
  readonly jobs: readonly WatchedJob[];
  readonly records: readonly StoredFindings[];
  readonly snoozes?: WeekSnoozes;
}

export interface FindingLine {
  readonly rule: string;
  readonly title: Text;
  readonly severity: Severity;
  readonly vertexName?: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Time in which it was firing, by the records. */
  readonly firingMs: number;
  readonly openNow: boolean;
  /** Somebody put it aside in this week or before. */
  readonly snoozed?: Snooze;
}

export interface JobSection {
  readonly cluster: string;
  readonly jobName: string;
  readonly watchedMs: number;
  readonly findings: readonly FindingLine[];
}

export interface WeeklyReport extends Week {
  readonly jobsWatched: number;
  readonly jobsWithFindings: number;
  readonly sections: readonly JobSection[];
}

const WEIGHT: Readonly<Record<Severity, number>> = { critical: 3, warning: 2, info: 1 };
/** A record stands for the time until the next one, at most this long: a stopped Weir saw nothing. */
const RECORD_STANDS_MS = 120_000;

/** Joins a week of stored verdicts into one report. Pure. */
export function weeklyReport({ jobs, records, snoozes, ...week }: ReportInput): WeeklyReport {
  return reportOfSections(
    week,
    jobs.map((job) =>
      jobSection(
        week,
        job,
        records.filter(({ cluster, jobName }) => cluster === job.cluster && jobName === job.jobName),
        snoozes,
      ),
    ),
  );
}

/** What one job's records of the week say. */
export function jobSection(
  { fromMs, toMs }: Week,
  { cluster, jobName, firstMs, lastMs }: WatchedJob,
  records: readonly StoredFindings[],
  snoozes: WeekSnoozes = new Map(),
): JobSection {
  return {
    cluster,
    jobName,
    watchedMs: Math.max(0, Math.min(lastMs, toMs) - Math.max(firstMs, fromMs)),
    findings: findingLines(records, snoozes),
  };
}

/** The jobs that suffered most first. */
export function reportOfSections({ week, fromMs, toMs }: Week, unordered: readonly JobSection[]): WeeklyReport {
  const sections = [...unordered].sort((a, b) => burden(b) - burden(a) || (a.jobName < b.jobName ? -1 : 1));
  return {
    week,
    fromMs,
    toMs,
    jobsWatched: sections.length,
    jobsWithFindings: sections.filter(({ findings }) => findings.length > 0).length,
    sections,
  };
}

function findingLines(records: readonly StoredFindings[], snoozes: WeekSnoozes): FindingLine[] {
  const lines = new Map<string, FindingLine>();
  const ordered = [...records].sort((a, b) => a.atMs - b.atMs);
  ordered.forEach(({ atMs, lives }, i) => {
    const standsMs = Math.min(RECORD_STANDS_MS, (ordered[i + 1]?.atMs ?? atMs) - atMs);
    for (const life of lives) {
      if (life.state === 'pending') continue;
      const { rule, title, severity, subject } = life.finding;
      const before = lines.get(life.id);
      const snoozed = snoozes.get(life.id);
      lines.set(life.id, {
        rule,
        title,
        severity: before !== undefined && WEIGHT[before.severity] > WEIGHT[severity] ? before.severity : severity,
        firstSeenMs: before?.firstSeenMs ?? life.firstSeenMs,
        lastSeenMs: life.lastSeenMs,
        firingMs: (before?.firingMs ?? 0) + (life.state === 'firing' ? standsMs : 0),
        openNow: i === ordered.length - 1 && life.state === 'firing',
        ...(subject.vertexName === undefined ? {} : { vertexName: subject.vertexName }),
        ...(snoozed === undefined ? {} : { snoozed }),
      });
    }
  });
  return [...lines.values()].sort((a, b) => WEIGHT[b.severity] - WEIGHT[a.severity] || b.firingMs - a.firingMs);
}

function burden({ findings }: JobSection): number {
  return findings.reduce(
    (total, { severity, firingMs }) => total + (severity === 'info' ? 0 : WEIGHT[severity] * (firingMs + 1)),
    0,
  );
}
