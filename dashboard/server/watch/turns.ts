import type { JobHistory } from '../../../collector/model/index.js';
import type { JobReport } from '../../../analyzer/engine/analyze.js';

/** Share of a beat that judging the jobs of all clusters may take of one core before calm jobs take turns. */
const BUDGET_SHARE = 0.04;
/** A calm job is judged at least this often: half of the minute that a finding must last before it is told. */
const CALM_EVERY_MS = 30_000;
/** Beats are not equally long: two of 15.01 s count as half a minute. */
const UNEVEN_SHARE = 0.1;
/** Weight of the newest job in the running mean of what judging takes. */
const NEWEST_SHARE = 0.02;

/**
 * Which jobs of a cluster are judged in a beat. All of them, as long as that is cheap; in a large fleet every job that
 * something happens to, and of the calm ones, where hardly anything changes from beat to beat, a part in turn.
 */
export class Turns {
  #jobMs = 0;
  #lastBeginMs: number | undefined;
  #beatMs = CALM_EVERY_MS;
  #beats = 0;

  /** A beat begins. */
  begin(nowMs: number): void {
    if (this.#lastBeginMs !== undefined) this.#beatMs = Math.max(1, nowMs - this.#lastBeginMs);
    this.#lastBeginMs = nowMs;
    this.#beats += 1;
  }

  /** What judging one job took. */
  note(tookMs: number): void {
    this.#jobMs = this.#jobMs === 0 ? tookMs : (1 - NEWEST_SHARE) * this.#jobMs + NEWEST_SHARE * tookMs;
  }

  /** Whether a job is left as it was judged before. `before`: its last report; `jobs`: as many are watched, on all clusters. */
  mayWait(history: JobHistory, before: JobReport | undefined, jobs: number, nowMs: number): boolean {
    const every = Math.min(
      Math.ceil((jobs * this.#jobMs) / (BUDGET_SHARE * this.#beatMs)),
      Math.floor(CALM_EVERY_MS / this.#beatMs + UNEVEN_SHARE),
    );
    if (every <= 1 || before === undefined || !isCalm(history, before)) return false;
    // Each beat has its part of the jobs; half a beat of slack for one that is overdue, as beats are not equally long.
    const isItsTurn = (this.#beats + placeOf(history.jobId)) % every === 0;
    return !isItsTurn && nowMs - before.atMs < (every - 0.5) * this.#beatMs;
  }
}

/** A job id is 32 random hex digits. */
const placeOf = (jobId: string): number => Number.parseInt(jobId.slice(-4), 16) || 0;

/** Nothing that matters was found, nothing has happened since, and no vertex is busy, pressed, uneven or looked at. */
export function isCalm(history: JobHistory, before: JobReport): boolean {
  const { history: then } = before;
  return (
    history.jobId === before.jobId &&
    history.reachable &&
    before.reachable &&
    history.detail.state === then.detail.state &&
    history.detail.state === 'RUNNING' &&
    before.findings.every(({ severity, state }) => severity === 'info' || state === 'resolved') &&
    history.restarts.length === then.restarts.length &&
    history.exceptions.length === then.exceptions.length &&
    history.checkpointCounts?.failed === then.checkpointCounts?.failed &&
    history.missing.length === then.missing.length &&
    history.taskManagers.filter(isGone).length === then.taskManagers.filter(isGone).length &&
    history.vertices.every(({ interestUntilMs = 0 }) => interestUntilMs < before.atMs)
  );
}

const isGone = ({ goneMs }: JobHistory['taskManagers'][number]): boolean => goneMs !== undefined;
