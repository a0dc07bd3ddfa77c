import type { JobHistory, SubtaskHistory, SubtaskSample } from '../../collector/model/index.js';

/** Steps back in time at which a subtask's totals are laid out, newest last: a minute of load, ten minutes of records. */
const STEPS_MS = [600_000, 300_000, 60_000, 50_000, 40_000, 30_000, 20_000, 10_000];
/** A subtask must have run this long before its totals say more than its start. */
const LIFETIME_MIN_MS = 120_000;

/**
 * What Flink remembers of the past, for a first answer without waiting: accumulated times and counts since the attempt
 * began, laid out evenly over its life. Right on average, blind to change; so it only ever stands behind a
 * provisional answer.
 */
export function fromTotals(history: JobHistory): JobHistory {
  return {
    ...history,
    vertices: history.vertices.map(({ frames: _asTheyWere, ...vertex }) => ({
      ...vertex,
      subtasks: vertex.subtasks.map(laidOut),
    })),
  };
}

function laidOut({ subtask, samples }: SubtaskHistory): SubtaskHistory {
  const last = samples.at(-1);
  const beganMs = last?.runningSinceMs ?? last?.startMs;
  if (last === undefined || beganMs === undefined || last.atMs - beganMs < LIFETIME_MIN_MS) return { subtask, samples };
  const lifeMs = last.atMs - beganMs;
  const earlier = STEPS_MS.filter((step) => step < lifeMs - 30_000).map((step) => at(last, step, lifeMs));
  return { subtask, samples: [...earlier, withoutGauges(last)] };
}

/** One reading of a gauge says nothing of its direction: a lag seen once is neither growing nor falling. */
function withoutGauges({ pendingRecords: _lag, ...rest }: SubtaskSample): SubtaskSample {
  return rest;
}

function at(last: SubtaskSample, stepMs: number, lifeMs: number): SubtaskSample {
  const share = 1 - stepMs / lifeMs;
  const { watermarkMs: _unknownThen, ...known } = withoutGauges(last);
  const then = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * share);
  const counters = {
    busyMs: then(last.busyMs),
    idleMs: then(last.idleMs),
    backPressuredMs: then(last.backPressuredMs),
    recordsIn: then(last.recordsIn),
    recordsOut: then(last.recordsOut),
    bytesIn: then(last.bytesIn),
    bytesOut: then(last.bytesOut),
  };
  const present = Object.fromEntries(Object.entries(counters).filter(([, value]) => value !== undefined));
  return { ...known, ...present, atMs: last.atMs - stepMs };
}
