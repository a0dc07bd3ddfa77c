import { isSettled, type SubtaskHistory, type SubtaskSample } from '../../collector/model/index.js';
import { max, present } from '../numbers.js';

/** Distinct readings that a verdict on load needs within its window. */
export const MIN_SAMPLES = 3;

/**
 * A wide vertex that nothing happens at is read once a minute, so that its readings lie further apart than the window:
 * then the one before the window's begin counts too, if it is no older than this behind it.
 */
export const SPARSE_MS = 75_000;
/** Two readings this far apart say as much as three in a row. */
export const SPARSE_MIN_COVERED_MS = 45_000;

/** Samples of the current attempt that count: running, settled, within the window. Oldest first. */
export function settledSamples(
  history: SubtaskHistory,
  nowMs: number,
  windowMs: number,
  settleMs: number,
): readonly SubtaskSample[] {
  const { samples } = history;
  const attempt = samples.at(-1)?.attempt;
  const fromMs = nowMs - windowMs;
  const found: SubtaskSample[] = [];
  for (let i = samples.length - 1; i >= 0; i -= 1) {
    const sample = samples[i];
    if (sample === undefined || sample.atMs > nowMs) continue;
    const isBefore = sample.atMs < fromMs;
    if (isBefore && (found.length >= MIN_SAMPLES || sample.atMs < fromMs - SPARSE_MS)) break;
    if (sample.attempt !== attempt) break;
    if (sample.state !== 'RUNNING' || !isSettled(sample, settleMs)) {
      if (isBefore) break;
      continue;
    }
    found.push(sample);
    if (isBefore) break;
  }
  return distinct(found.reverse());
}

/** Whether so many readings are enough for a figure of load. */
export function isEnough(samples: readonly SubtaskSample[]): boolean {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return false;
  return samples.length >= MIN_SAMPLES || last.atMs - first.atMs >= SPARSE_MIN_COVERED_MS;
}

/** Flink refreshes metrics every 10 s at most; a reading that repeats the last one says nothing new. */
function distinct(samples: readonly SubtaskSample[]): readonly SubtaskSample[] {
  const isRepeated = (sample: SubtaskSample, i: number): boolean => {
    const previous = samples[i - 1];
    return previous !== undefined && sameCounters(previous, sample);
  };
  return samples.some(isRepeated) ? samples.filter((sample, i) => !isRepeated(sample, i)) : samples;
}

const TIMES = ['busyMs', 'idleMs', 'backPressuredMs'] as const;
const COUNTS = ['recordsIn', 'recordsOut', 'bytesIn', 'bytesOut'] as const;

/** The accumulated times tell one refresh from the next; counts of other endpoints may move between two of them. */
function sameCounters(a: SubtaskSample, b: SubtaskSample): boolean {
  const counters = TIMES.some((time) => a[time] !== undefined) ? TIMES : COUNTS;
  return counters.every((counter) => a[counter] === b[counter]);
}

/** Growth of an accumulated counter over consecutive samples. Small steps back (1–4 ms were seen) count as 0. */
export function growth(
  samples: readonly SubtaskSample[],
  counter: 'busyMs' | 'idleMs' | 'backPressuredMs' | 'recordsIn' | 'recordsOut' | 'bytesIn' | 'bytesOut',
): number | undefined {
  // A loop: this runs over every subtask of a fleet, seven counters each.
  let before = samples[0]?.[counter];
  if (samples.length < 2 || before === undefined) return undefined;
  let grown = 0;
  for (let i = 1; i < samples.length; i += 1) {
    const value = samples[i]?.[counter];
    if (value === undefined) return undefined;
    if (value > before) grown += value - before;
    before = value;
  }
  return grown;
}

/** What a source handled: one chained to its sink tells no output, one before Flink 2 no input (CALIBRATION fact 8). */
export function recordsHandled(samples: readonly SubtaskSample[]): number | undefined {
  return max(present([growth(samples, 'recordsIn'), growth(samples, 'recordsOut')]));
}

/**
 * Milliseconds that passed between first and last sample by Flink's own clock: busy + idle + backpressured
 * (REST-TRUTH fact 1). Where busy is unknown (legacy sources) the wall clock must do.
 */
export function elapsedMs(samples: readonly SubtaskSample[]): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 2) return undefined;
  let own = 0;
  for (const counter of TIMES) {
    const grown = growth(samples, counter);
    if (grown === undefined) return last.atMs - first.atMs;
    own += grown;
  }
  return own > 0 ? own : last.atMs - first.atMs;
}
