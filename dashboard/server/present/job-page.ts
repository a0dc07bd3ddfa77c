import type * as wire from '../../contract.js';
import type { JobReport } from '../../../analyzer/engine/analyze.js';
import { duration, inLanguage, text, type Language, type Text } from '../../../analyzer/text.js';
import { LOAD_WINDOW_MS } from '../../../analyzer/signals/load.js';
import { findingCard } from './finding.js';
import { headline, jobRow, type JobTrends } from './job-row.js';
import { loadUnknownSentence, pendingSentence } from './unjudged.js';
import { presentEdges, presentTaskManagers, presentVertices } from './vertices.js';

const COVERAGE_WINDOW_MS = 600_000;

/** The page in both languages, as it is kept for later. */
export type BilingualPage = ReturnType<typeof jobPage>;

export function presentJobPage(
  report: JobReport,
  cluster: wire.ClusterSummary,
  language: Language,
  nowMs: number,
  trends: JobTrends,
): wire.JobPage {
  return pageInLanguage(jobPage(report, cluster, nowMs, trends), language);
}

export function pageInLanguage(page: BilingualPage, language: Language): wire.JobPage {
  const { vertices, edges, taskManagers, ...words } = page;
  // Figures hold no texts, and a wide job has many of them.
  return { ...inLanguage(words, language), vertices, edges, taskManagers };
}

/** `vertices`: with their subtasks, or without. */
export function jobPage(
  report: JobReport,
  cluster: wire.ClusterSummary,
  nowMs: number,
  trends: JobTrends,
  vertices = presentVertices,
) {
  const { history, signals } = report;
  const runningSince = signals.job.allRunningSinceMs;
  return {
    job: {
      ...jobRow(report, nowMs, trends),
      type: history.detail.type,
      ...(history.flinkVersion === undefined ? {} : { flinkVersion: history.flinkVersion.text }),
      ...(runningSince === undefined || !report.reachable ? {} : { uptimeMs: Math.max(0, nowMs - runningSince) }),
    },
    cluster,
    answer: answerOf(report),
    vertices: vertices(report),
    edges: presentEdges(report),
    taskManagers: presentTaskManagers(report),
    findings: report.findings.map((finding) => findingCard(finding, history.simulated)),
    recommendations: report.recommendations,
    coverage: {
      windowMs: COVERAGE_WINDOW_MS,
      coveredRatio: coveredRatio(report, nowMs),
      notEvaluated: report.notEvaluated,
      clear: report.clear,
      ...lastRead(report),
    },
  };
}

function lastRead(report: JobReport): { lastReadMs?: number } {
  const lastReadMs = report.history.rounds.filter(({ ok }) => ok).at(-1)?.atMs;
  return lastReadMs === undefined ? {} : { lastReadMs };
}

/** Share of the rounds of the last ten minutes that brought readings. */
function coveredRatio(report: JobReport, nowMs: number): number {
  const rounds = report.history.rounds.filter(({ atMs }) => atMs >= nowMs - COVERAGE_WINDOW_MS);
  return rounds.length === 0 ? 0 : rounds.filter(({ ok }) => ok).length / rounds.length;
}

/** The verdict as a sentence that a person could say aloud. */
export function answerOf(report: JobReport): Text {
  const { history, findings } = report;
  if (!report.reachable) {
    const why = history.failure?.message ?? '';
    return text(`Nothing new is known: the cluster cannot be read. ${why}`, `没有新的信息：无法读取集群。${why}`);
  }
  const head = headline(findings);
  const advice = report.recommendations.find((item) => head !== undefined && item.findings.includes(head.id));
  if (head !== undefined && head.severity !== 'info') {
    return advice === undefined
      ? text(`${head.title.en}.`, `${head.title['zh-CN']}。`)
      : text(`${head.title.en}. ${advice.title.en}.`, `${head.title['zh-CN']}。${advice.title['zh-CN']}。`);
  }
  const pending = pendingSentence(findings);
  if (pending !== undefined) return pending;
  const resting = findings.find(
    ({ state, role, severity, snoozed }) =>
      state === 'firing' && role === 'root' && severity !== 'info' && snoozed !== undefined,
  );
  if (resting !== undefined) {
    return text(
      `Nothing but what is snoozed: ${resting.title.en}.`,
      `除已静默的发现外没有其他问题：${resting.title['zh-CN']}。`,
    );
  }
  const unknown = loadUnknownSentence(report);
  if (unknown !== undefined && ['RUNNING', 'CREATED', 'INITIALIZING', 'RESTARTING'].includes(history.detail.state))
    return unknown;
  if (unknown !== undefined) return text(`The job is ${history.detail.state}.`, `作业处于 ${history.detail.state}。`);
  return text(
    `Nothing holds this job back: no vertex waits for another over the last ${duration(LOAD_WINDOW_MS)}${head === undefined ? '' : `. Worth knowing: ${head.title.en}`}.`,
    `没有什么拖慢该作业：最近 ${duration(LOAD_WINDOW_MS)} 内没有顶点在等待${head === undefined ? '' : `。值得了解：${head.title['zh-CN']}`}。`,
  );
}
