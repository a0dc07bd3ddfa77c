import type { JobReport } from '../analyze.js';
import type { Recommendation } from '../recommendation.js';
import { judgedUntilMs } from './outcome.js';
import type { Ledger, Trial } from './trial.js';

/** The surroundings may have changed by then: what did not help beside a slow database may help beside a quick one. */
const REFUTED_HELD_MS = 7 * 86_400_000;

/**
 * The report with what became of earlier advice: what is being measured is not proposed again meanwhile, what was refuted not at all
 * while the refutation is kept, and all that was applied is listed after what is proposed.
 */
export function withLedger(report: JobReport, ledger: Ledger): JobReport {
  if (ledger.size === 0) return report;
  const followed = [...ledger.values()].filter(({ state }) => state !== 'proposed');
  if (followed.length === 0) return report;
  const held = new Set(followed.filter((trial) => holds(trial, report.atMs)).map(({ advice }) => advice.id));
  return {
    ...report,
    recommendations: [...report.recommendations.filter(({ id }) => !held.has(id)), ...followed.map(asRecommendation)],
  };
}

function holds(trial: Trial, nowMs: number): boolean {
  const { state, appliedMs = nowMs, judgedMs = nowMs } = trial;
  if (state === 'refuted') return nowMs - judgedMs <= REFUTED_HELD_MS;
  return state === 'applied' && nowMs <= judgedUntilMs(trial, appliedMs);
}

/** With an id of its own: the same advice may be given again beside it. */
function asRecommendation({ advice, state, appliedMs, judgedMs, outcomes }: Trial): Recommendation {
  return {
    ...advice,
    id: `${advice.id}@${appliedMs ?? 0}`,
    state,
    ...(appliedMs === undefined ? {} : { appliedMs }),
    ...(judgedMs === undefined ? {} : { judgedMs }),
    ...(outcomes === undefined ? {} : { outcomes }),
  };
}
