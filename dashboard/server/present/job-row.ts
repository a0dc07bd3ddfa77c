import type * as wire from '../../contract.js';
import type { JobState } from '../../../collector/model/index.js';
import type { JobReport } from '../../../analyzer/engine/analyze.js';
import type { LiveFinding } from '../../../analyzer/engine/finding.js';
import { alarming } from '../../../analyzer/engine/worst.js';
import { inLanguage, type Language } from '../../../analyzer/text.js';
import { unjudgedOf } from './unjudged.js';

export interface JobTrends {
  readonly lag: readonly (number | null)[];
  readonly health: readonly (number | null)[];
}

export function presentJobRow(report: JobReport, language: Language, nowMs: number, trends: JobTrends): wire.JobRow {
  return inLanguage(jobRow(report, nowMs, trends), language);
}

/** The row in both languages. */
export function jobRow(report: JobReport, nowMs: number, trends: JobTrends) {
  const { history, signals } = report;
  const lag = signals.get('lag');
  const lagSeconds = lag.ok ? lag.value.lagSeconds : undefined;
  const head = headline(report.findings);
  const unjudged = unjudgedOf(report);
  const lastReadMs = history.rounds.filter(({ ok }) => ok).at(-1)?.atMs;
  return {
    cluster: report.cluster,
    jobId: report.jobId,
    name: report.jobName,
    state: jobStateOf(report),
    startMs: history.detail.startMs,
    worst: report.worst,
    findings: countFiring(report.findings),
    dataAgeMs: lastReadMs === undefined ? nowMs - history.detail.startMs : Math.max(0, nowMs - lastReadMs),
    simulated: history.simulated,
    lagTrend: [...trends.lag],
    healthTrend: [...trends.health],
    ...(report.reachable ? { health: report.health } : {}),
    ...(history.vertices.length === 0 ? {} : { parallelism: signals.job.parallelism }),
    ...(lagSeconds === undefined ? {} : { lagSeconds }),
    ...(unjudged === undefined ? {} : { unjudged }),
    ...(head === undefined
      ? {}
      : {
          headline: {
            findingId: head.id,
            rule: head.rule,
            title: head.title,
            severity: head.severity,
          },
        }),
  };
}

/** While the cluster cannot be read, the job's state is not known: UNKNOWN, never the last one and never FAILED. */
export function jobStateOf(report: JobReport): JobState {
  return report.reachable ? report.history.detail.state : 'UNKNOWN';
}

/** The firing measured root to read first, but for those that somebody put aside. */
export function headline(findings: readonly LiveFinding[]): LiveFinding | undefined {
  return alarming(findings).find(({ role }) => role === 'root');
}

function countFiring(findings: readonly LiveFinding[]): wire.JobRow['findings'] {
  const firing = alarming(findings);
  const of = (severity: wire.Severity): number => firing.filter((finding) => finding.severity === severity).length;
  return { critical: of('critical'), warning: of('warning'), info: of('info') };
}
