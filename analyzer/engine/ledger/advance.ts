import { LAG_MIN_SECONDS } from '../../signals/lag.js';
import type { JobReport } from '../analyze.js';
import type { Recommendation } from '../recommendation.js';
import { isApplied, isVisible } from './applied.js';
import { figuresNow, isMeasured } from './figures.js';
import { isWorkingOff, outcomeOf } from './outcome.js';
import { trialKey, type Ledger, type Trial } from './trial.js';

const DAY_MS = 86_400_000;
/** An advice that is followed later than this after it was last given is not counted as followed. */
const PROPOSED_KEPT_MS = 14 * DAY_MS;
/** What was applied is shown, and what was refuted is not proposed again, for this long: jobs and their surroundings change. */
const APPLIED_KEPT_MS = 14 * DAY_MS;
/** Of one job; the oldest go first. */
export const MAX_TRIALS = 50;

type Beat = Pick<JobReport, 'recommendations' | 'history' | 'signals' | 'atMs' | 'reachable'>;

/**
 * Follows every advice of a job one beat on: given, applied (Flink shows the change), confirmed or refuted (what came of it against
 * what was promised). Pure. The same ledger comes back where nothing happened.
 */
export function advanceLedger(ledger: Ledger, beat: Beat): Ledger {
  if (!beat.reachable || (ledger.size === 0 && beat.recommendations.length === 0)) return ledger;
  const next = new Map<string, Trial>();
  for (const [key, trial] of ledger) {
    const moved = movedOn(trial, beat);
    if (moved !== undefined) next.set(key, moved);
  }
  for (const advice of beat.recommendations) propose(next, advice, beat);
  forgetUnfollowed(next);
  while (next.size > MAX_TRIALS) next.delete(next.keys().next().value as string); // There is one.
  return next;
}

function propose(trials: Map<string, Trial>, advice: Recommendation, { signals, atMs, history }: Beat): void {
  if (!isFollowed(advice) || isApplied(advice.changes, history)) return;
  const key = trialKey(advice);
  const known = trials.get(key);
  if (known !== undefined && known.state !== 'proposed') return;
  trials.set(key, {
    advice,
    state: 'proposed',
    firstProposedMs: known?.firstProposedMs ?? atMs,
    lastProposedMs: atMs,
    before: figuresNow(advice.expected, signals),
  });
}

/** Advice whose making shows in Flink, and that promises something that is measured or saved. */
function isFollowed({ changes, expected, cost }: Recommendation): boolean {
  const promises = expected.some(isMeasured) || cost.slots !== 0 || cost.taskManagers !== 0 || cost.memoryBytes !== 0;
  return promises && changes.some(isVisible);
}

/** Undefined: no longer followed up. */
function movedOn(trial: Trial, { history, signals, atMs }: Beat): Trial | undefined {
  const isInEffect = isApplied(trial.advice.changes, history);
  if (trial.state === 'proposed') {
    if (isInEffect) return withCatchUp({ ...trial, state: 'applied', appliedMs: atMs }, signals, atMs);
    return atMs - trial.lastProposedMs > PROPOSED_KEPT_MS ? undefined : trial;
  }
  const { appliedMs = atMs } = trial;
  if (atMs - appliedMs > APPLIED_KEPT_MS) return undefined;
  if (trial.state !== 'applied') return trial;
  // Taken back before it could be judged. A job that is deployed anew has no vertices for a moment.
  if (!isInEffect) return history.vertices.length === 0 ? trial : undefined;
  const timed = withCatchUp(trial, signals, atMs);
  const judged = outcomeOf(timed, appliedMs, signals, atMs);
  return judged === undefined ? timed : { ...timed, ...judged, judgedMs: atMs };
}

/** The first moment after the change at which nothing waits. */
function withCatchUp(trial: Trial, signals: Beat['signals'], atMs: number): Trial {
  if (trial.caughtUpMs !== undefined) return trial;
  const lag = signals.get('lag');
  const isOver = lag.ok && (lag.value.lagSeconds ?? Infinity) < LAG_MIN_SECONDS && !isWorkingOff(signals);
  return isOver ? { ...trial, caughtUpMs: atMs } : trial;
}

/** Once one size of an advice is applied, the others that were proposed in its place are not waited for. */
function forgetUnfollowed(trials: Map<string, Trial>): void {
  const followed = new Set(
    [...trials.values()].flatMap(({ state, advice }) => (state === 'proposed' ? [] : advice.id)),
  );
  for (const [key, { state, advice }] of trials)
    if (state === 'proposed' && followed.has(advice.id)) trials.delete(key);
}
