import { parseMemorySize } from '../../tuning/values/memory-size.js';
import type { JobReport } from '../analyze.js';
import type { Change, Recommendation } from '../recommendation.js';
import type { Ledger, Trial } from './trial.js';

/**
 * A size of memory follows readings of a heap, and moves with each of them: 721 and 680 MiB within three minutes of a steady load. So near
 * to the one that was last proposed, that one stands: who has begun to follow an advice finds it as it was. Less than the step in which
 * anybody sizes a process.
 */
const SAME_SIZE_SHARE = 0.15;
/** Not proposed for so long, it is forgotten: the load is another one. */
const REMEMBERED_MS = 600_000;

/** The report with sizes of memory as they were last proposed, where they are still about right. */
export function withSteadySizes(report: JobReport, ledger: Ledger): JobReport {
  if (ledger.size === 0 || !report.recommendations.some(({ changes }) => changes.some(isSize))) return report;
  const proposed = [...ledger.values()].filter(
    ({ state, lastProposedMs }) => state === 'proposed' && report.atMs - lastProposedMs <= REMEMBERED_MS,
  );
  return { ...report, recommendations: report.recommendations.map((advice) => steadied(advice, proposed)) };
}

function steadied(advice: Recommendation, proposed: readonly Trial[]): Recommendation {
  if (!advice.changes.some(isSize)) return advice;
  const alike = proposed.filter((trial) => trial.advice.id === advice.id && isSameSize(trial.advice, advice));
  const [last] = alike.sort((a, b) => b.lastProposedMs - a.lastProposedMs);
  if (last === undefined) return advice;
  const { title, changes, diffs, cost, prerequisites } = last.advice;
  return { ...advice, title, changes, diffs, cost, prerequisites };
}

const isSize = ({ unit, to }: Change): boolean => unit === 'bytes' && sizeOf(to) > 0;

/** NaN where it is none. */
const sizeOf = (value: string | number): number =>
  typeof value === 'number' ? value : (parseMemorySize(value) ?? Number.NaN);

function isSameSize({ changes: before }: Recommendation, { changes: now }: Recommendation): boolean {
  return (
    before.length === now.length &&
    now.every((change, i) => {
      const was = before[i];
      if (was?.scope !== change.scope || was.key !== change.key || was.vertexId !== change.vertexId) return false;
      if (was.from !== change.from) return false;
      if (!isSize(change)) return was.to === change.to;
      return Math.abs(sizeOf(change.to) / sizeOf(was.to) - 1) <= SAME_SIZE_SHARE;
    })
  );
}
