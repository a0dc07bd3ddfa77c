import type { JobReport } from '../analyzer/engine/analyze.js';
import type { LiveFinding, Severity, Subject } from '../analyzer/engine/finding.js';
import type { Language } from '../analyzer/text.js';
import { presentFinding } from '../dashboard/server/present/finding.js';

/** One stretch in which a rule's finding stood, from the first reading that said so. */
export interface BacktestFinding {
  readonly id: string;
  readonly subject: Subject;
  readonly role: 'root' | 'symptom';
  readonly severity: Severity;
  readonly title: string;
  readonly firstSeenMs: number;
  /** Missing: it never lasted long enough to be told. */
  readonly firingMs?: number;
  /** Missing: it stood to the end. */
  readonly resolvedMs?: number;
}

/** What one rule would have said of one job, reading by reading. */
export interface BacktestJob {
  readonly jobId: string;
  readonly jobName: string;
  /** Readings by what the rule said. */
  readonly readings: { readonly findings: number; readonly clear: number; readonly notEvaluated: number };
  /** Why, the last time it could not judge. */
  readonly notEvaluated?: string;
  readonly findings: readonly BacktestFinding[];
}

interface Seen {
  readonly jobId: string;
  readonly jobName: string;
  readonly readings: { findings: number; clear: number; notEvaluated: number };
  notEvaluated?: string;
  readonly findings: BacktestFinding[];
}

/** Follows one rule through the reports of a replay. */
export class Backtest {
  readonly #rule: string;
  readonly #language: Language;
  readonly #jobs = new Map<string, Seen>();

  constructor(rule: string, language: Language) {
    this.#rule = rule;
    this.#language = language;
  }

  /** Takes what is said of all jobs after one reading. */
  add(reports: readonly JobReport[]): void {
    for (const report of reports) this.#addJob(report);
  }

  jobs(): readonly BacktestJob[] {
    return [...this.#jobs.values()];
  }

  /** Whether it was told at least once. */
  hasFired(): boolean {
    return this.jobs().some(({ findings }) => findings.some(({ firingMs }) => firingMs !== undefined));
  }

  #addJob(report: JobReport): void {
    const { jobId, jobName } = report;
    const job = this.#jobs.get(jobId) ?? {
      jobId,
      jobName,
      readings: { findings: 0, clear: 0, notEvaluated: 0 },
      findings: [],
    };
    this.#jobs.set(jobId, job);
    if (report.outcomes.some(({ rule, status }) => rule === this.#rule && status === 'findings'))
      job.readings.findings += 1;
    else if (report.clear.includes(this.#rule)) job.readings.clear += 1;
    else job.readings.notEvaluated += 1;
    const unjudged = report.notEvaluated.find(({ rule }) => rule === this.#rule);
    if (unjudged !== undefined) job.notEvaluated = unjudged.reason[this.#language];
    for (const finding of report.findings) if (finding.rule === this.#rule) this.#addFinding(job, finding, report.atMs);
  }

  #addFinding(job: Seen, finding: LiveFinding, atMs: number): void {
    const place = job.findings.findIndex(
      ({ id, firstSeenMs }) => id === finding.id && firstSeenMs === finding.firstSeenMs,
    );
    const before = job.findings[place];
    const isFiring = finding.state === 'firing';
    const { role, severity, title } = presentFinding(finding, this.#language, true);
    const stretch: BacktestFinding = {
      id: finding.id,
      subject: finding.subject,
      // As it was while it stood: what is over has no severity of its own.
      ...(before === undefined || finding.state !== 'resolved'
        ? { role, severity, title }
        : { role: before.role, severity: before.severity, title: before.title }),
      firstSeenMs: finding.firstSeenMs,
      ...(before?.firingMs !== undefined || isFiring ? { firingMs: before?.firingMs ?? atMs } : {}),
      ...(finding.resolvedMs === undefined ? {} : { resolvedMs: finding.resolvedMs }),
    };
    if (place === -1) job.findings.push(stretch);
    else job.findings[place] = stretch;
  }
}
