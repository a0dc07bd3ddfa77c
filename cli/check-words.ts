import type { Finding, Recommendation } from '../dashboard/contract.js';
import type { CheckReport } from './check-report.js';

type CheckedJob = CheckReport['jobs'][number];

/** Names from Flink may hold anything: control characters would move the cursor or recolour the terminal. */
export function plain(value: string): string {
  // eslint-disable-next-line no-control-regex -- taking control characters out is what this is for
  return value.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

/** The one reason why no rule at all could look, such as that the job has ended. */
export function onlyReason({ clear, findings, notEvaluated }: CheckedJob): string | undefined {
  const [first, ...others] = new Set(notEvaluated.map(({ reason }) => reason));
  return clear.length === 0 && findings.length === 0 && others.length === 0 ? first : undefined;
}

/** What there is to say of a job without findings: that rules looked, or why none could. */
export function nothingFound(job: CheckedJob): string {
  const only = onlyReason(job);
  if (only !== undefined) return `no verdict: ${plain(only)}`;
  return job.clear.length === 0
    ? 'no verdict: nothing could be evaluated'
    : `nothing to change: ${job.clear.length} rules looked and found nothing`;
}

/** Causes to show: measured ones that still hold. Notes on the configuration have their own list on the page. */
export const rootsToShow = ({ findings }: CheckedJob): readonly Finding[] =>
  findings.filter(({ role, basis, state }) => role === 'root' && basis === 'measured' && state !== 'resolved');

/** The change in the dialect that this Flink reads first. */
export function diffToShow({ diffs }: Pick<Recommendation, 'diffs'>): string | undefined {
  return diffs['config.yaml'] ?? diffs['flink-conf.yaml'] ?? diffs.sql ?? diffs.FlinkDeployment;
}
