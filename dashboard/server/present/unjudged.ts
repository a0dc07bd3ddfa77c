import type { JobReport } from '../../../analyzer/engine/analyze.js';
import type { LiveFinding } from '../../../analyzer/engine/finding.js';
import { text, type Text } from '../../../analyzer/text.js';

/** Why a job of which nothing is told is not yet known to be well; undefined where it is judged, or does not run. */
export function unjudgedOf(report: JobReport): Text | undefined {
  const { reachable, history } = report;
  if (!reachable || history.detail.state !== 'RUNNING' || history.detail.type === 'BATCH') return undefined;
  return pendingSentence(report.findings) ?? loadUnknownSentence(report);
}

/** What was seen, but not for as long as it takes to be told. */
export function pendingSentence(findings: readonly LiveFinding[]): Text | undefined {
  const pending = findings.find(
    ({ state, role, severity, snoozed }) =>
      state === 'pending' && role === 'root' && severity !== 'info' && snoozed === undefined,
  );
  return pending === undefined
    ? undefined
    : text(`Looks like this, not yet certain: ${pending.title.en}.`, `初步判断，尚未确定：${pending.title['zh-CN']}。`);
}

/** Load is what most rules look at: while it is not known, nothing found says little. */
export function loadUnknownSentence({ signals }: JobReport): Text | undefined {
  const load = signals.get('load');
  return load.ok
    ? undefined
    : text(`No verdict on load yet: ${load.reason.en}.`, `尚无法判断负载：${load.reason['zh-CN']}。`);
}
