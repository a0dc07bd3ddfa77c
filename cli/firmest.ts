import { analyzeJob, type AnalysisOptions, type JobReport } from '../analyzer/engine/analyze.js';
import { fromTotals } from '../analyzer/signals/totals.js';
import type { JobHistory } from '../collector/model/index.js';

/** Watched too briefly for a verdict on load, what Flink remembers is better than nothing: its findings stay pending. */
export function firmest(
  report: JobReport,
  history: JobHistory | undefined,
  nowMs: number,
  options: AnalysisOptions,
): JobReport {
  if (history === undefined || report.signals.get('load').ok) return report;
  const provisional = analyzeJob(fromTotals(history), new Map(), nowMs, options).report;
  return provisional.signals.get('load').ok ? provisional : report;
}
