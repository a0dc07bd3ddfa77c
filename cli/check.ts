import type { Command } from 'commander';
import { analyzeJob, type JobReport } from '../analyzer/engine/analyze.js';
import type { Lives } from '../analyzer/engine/lifecycle.js';
import { fromTotals } from '../analyzer/signals/totals.js';
import type { ClusterCollector } from '../collector/index.js';
import { RULES } from '../rules/index.js';
import { accessFlags, accessFrom, type AccessFlags } from './access-flags.js';
import { checkReport } from './check-report.js';
import { clusterFromUrl, collectorFor } from './clusters.js';
import { parseDuration } from './config/durations.js';
import { UsageError } from './config/load.js';
import { firmest } from './firmest.js';
import { createProgress, type Progress } from './progress.js';
import { isAtLeast, outputFlags, outputFrom, render, type Output, type OutputFlags } from './report-output.js';
import { VERSION } from './version.js';

interface CheckFlags extends AccessFlags, OutputFlags {
  readonly job?: string;
  readonly for: string;
}

const INTERVAL_MS = 10_000;
/** A verdict that has stood this long with nothing else pending needs no more watching. */
const SETTLED_MS = 45_000;
/** Readings that a firing verdict needs before the answer may end early. */
const EARLIEST_END_MS = 75_000;

export function addCheck(program: Command): void {
  accessFlags(
    outputFlags(
      program
        .command('check <url>')
        .description('diagnose the jobs of one cluster and print the cause and the change to make')
        .option('--job <name>', 'only the job with this name or id')
        .option('--for <duration>', 'how long to watch at most', '3m'),
    ),
  ).action(async (url: string, flags: CheckFlags) => {
    process.exitCode = await check(url, flags);
  });
}

async function check(url: string, flags: CheckFlags): Promise<number> {
  const { forMs, format, failOn, language } = checkedFlags(flags);
  const collector = collectorFor(
    { ...clusterFromUrl(url, new Set()), ...accessFrom(flags) },
    { interval: INTERVAL_MS, maxRequestsPerSecond: 50, timeout: 5000 },
    { onBug: (error) => process.stderr.write(`weir: ${error.message}\n`) },
  );
  const progress = createProgress(process.stderr, forMs);
  try {
    const outcome = await watchJobs(collector, flags.job, forMs, progress);
    progress.end();
    if ('failure' in outcome) {
      process.stderr.write(`weir: ${outcome.failure}\n`);
      return 2;
    }
    const report = checkReport(
      collector.status().name,
      collector.status().flinkVersion?.text,
      outcome.reports,
      VERSION,
      language,
    );
    process.stdout.write(render(report, format));
    return isAtLeast(outcome.reports, failOn) ? 1 : 0;
  } finally {
    await collector.stop();
  }
}

/** Reads and judges until the verdict stands or the time is over. */
async function watchJobs(
  collector: ClusterCollector,
  job: string | undefined,
  forMs: number,
  progress: Progress,
): Promise<{ readonly reports: readonly JobReport[] } | { readonly failure: string }> {
  const startedMs = Date.now();
  const lives = new Map<string, Lives>();
  let provisional = true;
  for (;;) {
    const round = await collector.readOnce();
    const nowMs = Date.now();
    if (!round.ok && collector.histories(nowMs).length === 0) {
      return { failure: round.failure?.message ?? 'the cluster could not be read' };
    }
    const histories = collector
      .histories(nowMs)
      .filter(({ jobId, jobName }) => job === undefined || job === jobId || job === jobName);
    if (job !== undefined && histories.length === 0)
      return { failure: `no job "${job}" on this cluster; it has: ${namesOf(collector, nowMs)}` };
    const reports = histories.map((history) => {
      const { report, lives: after } = analyzeJob(history, lives.get(history.jobId) ?? new Map(), nowMs, OPTIONS);
      lives.set(history.jobId, after);
      return report;
    });
    if (provisional) {
      provisional = false;
      for (const history of histories)
        progress.say(provisionalAnswer(analyzeJob(fromTotals(history), new Map(), nowMs, OPTIONS).report));
    }
    progress.at(nowMs - startedMs, headlines(reports));
    const spentMs = nowMs - startedMs;
    if (spentMs + INTERVAL_MS > forMs || isSettled(reports, nowMs, spentMs)) {
      return { reports: reports.map((report, i) => firmest(report, histories[i], nowMs, OPTIONS)) };
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, INTERVAL_MS - round.durationMs)));
  }
}

const OPTIONS = { rules: RULES, settings: {}, disabled: [] };

function namesOf(collector: ClusterCollector, nowMs: number): string {
  const names = collector.histories(nowMs).map(({ jobName }) => jobName);
  return names.length === 0 ? 'none' : names.slice(0, 20).join(', ');
}

/** A first word from what Flink remembers; the watching confirms or corrects it. */
function provisionalAnswer(report: JobReport): string {
  const root = report.findings.find(
    ({ role, basis, severity }) => role === 'root' && basis === 'measured' && severity !== 'info',
  );
  return root === undefined
    ? `${report.jobName}: ${report.history.detail.state}; no fault in what Flink remembers, watching …`
    : `${report.jobName}: provisional: ${root.title.en} (${root.rule}), watching …`;
}

function headlines(reports: readonly JobReport[]): string {
  const firing = reports.flatMap(({ findings }) =>
    findings.filter(({ state, role }) => state === 'firing' && role === 'root'),
  );
  const pending = reports.flatMap(({ findings }) => findings.filter(({ state }) => state === 'pending'));
  return `${firing.length} cause(s), ${pending.length} pending`;
}

/** Every job has a standing verdict of at least a warning and nothing is about to change it. */
function isSettled(reports: readonly JobReport[], nowMs: number, spentMs: number): boolean {
  if (spentMs < EARLIEST_END_MS || reports.length === 0) return false;
  return reports.every(({ findings }) => {
    const roots = findings.filter(
      ({ state, role, severity }) => state === 'firing' && role === 'root' && severity !== 'info',
    );
    const moving = findings.some(({ state, severity }) => state === 'pending' && severity !== 'info');
    return roots.length > 0 && !moving && roots.every(({ firstSeenMs }) => nowMs - firstSeenMs >= SETTLED_MS);
  });
}

function checkedFlags(flags: CheckFlags): Output & { readonly forMs: number } {
  const forMs = parseDuration(flags.for);
  const output = outputFrom(flags);
  const problems = [
    ...(forMs === undefined ? [`--for ${flags.for}: not a duration; write it as 90s or 3m`] : []),
    ...('problems' in output ? output.problems : []),
  ];
  if (forMs === undefined || 'problems' in output) throw new UsageError(problems);
  return { ...output, forMs };
}
