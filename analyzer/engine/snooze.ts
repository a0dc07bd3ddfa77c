import type { JobReport } from './analyze.js';
import type { LiveFinding, Snooze } from './finding.js';
import { healthOf } from './health.js';
import { byUrgency } from './rank.js';
import { worstOf } from './worst.js';

/** By finding id. */
export type Snoozes = ReadonlyMap<string, Snooze>;

/**
 * The report as it reads while somebody has put findings aside: they stay listed, after the others of their kind, and
 * count neither for the worst severity nor for health. Snoozes that the report had before are replaced.
 */
export function withSnoozes(report: JobReport, snoozes: Snoozes): JobReport {
  const findings = report.findings
    .map((finding) => snoozedAs(finding, snoozes.get(finding.id)))
    .sort(byUrgency)
    .map((finding, i) => ({ ...finding, rank: i + 1 }));
  return {
    ...report,
    findings,
    health: healthOf(findings, report.atMs),
    worst: worstOf(findings, report.reachable),
  };
}

function snoozedAs({ snoozed: _before, ...finding }: LiveFinding, snooze: Snooze | undefined): LiveFinding {
  return snooze === undefined ? finding : { ...finding, snoozed: snooze };
}
