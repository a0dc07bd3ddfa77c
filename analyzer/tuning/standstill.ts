import type { JobHistory } from '../../collector/model/index.js';
import type { JobFacts } from '../signals/job-facts.js';

/** For how long a job stands still, in seconds. */
export interface Standstill {
  readonly lowSeconds: number;
  readonly highSeconds: number;
}

/** A rescale in place took 2–6 s on real 1.20.3; a stop with a savepoint and a new submission, by hand, up to half a minute. */
const IN_PLACE: Standstill = { lowSeconds: 2, highSeconds: 8 };
const REDEPLOYED: Standstill = { lowSeconds: 2, highSeconds: 30 };
/** State that was restored in a minute may take half of that over more subtasks, or once and a half as long. */
const START_SHORTEST = 0.5;
const START_LONGEST = 1.5;

/** What a change of size costs a job in time: as the way of changing it costs as a rule, or as this job's last start took. */
export function standstillOf(job: Pick<JobFacts, 'allRunningSinceMs'>, history: JobHistory): Standstill {
  const usual = history.configuration['jobmanager.scheduler']?.toLowerCase() === 'adaptive' ? IN_PLACE : REDEPLOYED;
  const startSeconds = lastStartSeconds(job, history);
  return {
    lowSeconds: Math.max(usual.lowSeconds, startSeconds * START_SHORTEST),
    highSeconds: Math.max(usual.highSeconds, startSeconds * START_LONGEST),
  };
}

/** From when the job last left RUNNING, or came to be, until all tasks ran; 0 where that was not seen, or where it waited for slots. */
function lastStartSeconds({ allRunningSinceMs }: Pick<JobFacts, 'allRunningSinceMs'>, { states }: JobHistory): number {
  if (allRunningSinceMs === undefined) return 0;
  const runs = states.findLastIndex(({ state, atMs }) => state === 'RUNNING' && atMs <= allRunningSinceMs);
  const before = states.slice(0, Math.max(0, runs)).findLastIndex(({ state }) => state === 'RUNNING');
  const begin = states[before + 1];
  if (runs < 1 || begin === undefined || begin.state === 'RUNNING') return 0;
  const seconds = (allRunningSinceMs - begin.atMs) / 1000;
  return seconds <= START_MAX_SECONDS ? seconds : 0;
}

/** Longer ones waited for something (slots, a person), which another change need not. */
const START_MAX_SECONDS = 600;
