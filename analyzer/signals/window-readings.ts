import { columnStart, figureIn, type Figure, type Frame, type Phase } from '../../collector/model/index.js';

/** Distinct readings that a verdict on load needs within its window. */
export const MIN_READINGS = 3;
/**
 * A wide vertex that nothing happens at is read once a minute, so that its readings lie further apart than the window:
 * then the one before the window's begin counts too, if it is no older than this behind it.
 */
const SPARSE_MS = 75_000;

/** Which readings count: from a moment on, of tasks that have run for so long. */
export interface Bounds {
  readonly fromMs: number;
  readonly settleMs: number;
}

export function widthOf(frames: readonly Frame[]): number {
  let width = 0;
  for (const { phases } of frames) width = Math.max(width, phases.length);
  return width;
}

/**
 * The readings that count for every subtask alike, which is the rule: all were read each time, run since long enough and
 * said something new. Undefined where one differs.
 */
export function sharedReadings(
  frames: readonly Frame[],
  width: number,
  { fromMs, settleMs }: Bounds,
): readonly Frame[] | undefined {
  const phases = frames.at(-1)?.phases;
  if (phases === undefined || phases.length !== width) return undefined;
  const running = runningTimesOf(phases);
  if (running === undefined) return undefined;
  const settled = { firstMs: running.firstMs + settleMs, lastMs: running.lastMs + settleMs };
  const found: Frame[] = [];
  for (let i = frames.length - 1; i >= 0; i -= 1) {
    const frame = frames[i];
    if (frame === undefined) continue;
    const isBefore = frame.atMs < fromMs;
    if (isBefore && (found.length >= MIN_READINGS || frame.atMs < fromMs - SPARSE_MS)) break;
    if (frame.atMs < settled.firstMs) break;
    if (frame.phases !== phases || frame.atMs < settled.lastMs) return undefined;
    found.push(frame);
    if (isBefore) break;
  }
  found.reverse();
  const isAllNew = found.every((frame, i) => i === 0 || !hasRepeats(found[i - 1], frame));
  return isAllNew ? found : undefined;
}

type Phases = readonly (Phase | undefined)[];

/** When the first and the last of them began to run. */
interface RunningTimes {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Phases are the same array from reading to reading while nothing restarts, and several windows end with each. */
const runningTimes = new WeakMap<Phases, RunningTimes | 'not all'>();

/** Undefined where one does not run. */
function runningTimesOf(phases: Phases): RunningTimes | undefined {
  let known = runningTimes.get(phases);
  if (known === undefined) {
    known = newRunningTimes(phases) ?? 'not all';
    runningTimes.set(phases, known);
  }
  return known === 'not all' ? undefined : known;
}

function newRunningTimes(phases: Phases): RunningTimes | undefined {
  let firstMs = Infinity;
  let lastMs = -Infinity;
  for (const phase of phases) {
    if (phase?.state !== 'RUNNING') return undefined;
    const ms = phase.runningSinceMs ?? phase.startMs ?? 0;
    firstMs = Math.min(firstMs, ms);
    lastMs = Math.max(lastMs, ms);
  }
  return { firstMs, lastMs };
}

/** Readings of the current attempt that count: running, settled, within the window. Oldest first. */
export function readingsOf(frames: readonly Frame[], subtask: number, { fromMs, settleMs }: Bounds): readonly Frame[] {
  let attempt: number | undefined;
  const found: Frame[] = [];
  for (let i = frames.length - 1; i >= 0; i -= 1) {
    const frame = frames[i];
    const phase = frame?.phases[subtask];
    if (frame === undefined || phase === undefined) continue;
    attempt ??= phase.attempt;
    const isBefore = frame.atMs < fromMs;
    if (isBefore && (found.length >= MIN_READINGS || frame.atMs < fromMs - SPARSE_MS)) break;
    if (phase.attempt !== attempt) break;
    const isSettled = frame.atMs >= (phase.runningSinceMs ?? phase.startMs ?? 0) + settleMs;
    if (phase.state !== 'RUNNING' || !isSettled) {
      if (isBefore) break;
      continue;
    }
    found.push(frame);
    if (isBefore) break;
  }
  found.reverse();
  // Flink refreshes metrics every 10 s at most; a reading that repeats the last one says nothing new.
  return found.filter((frame, i) => i === 0 || !repeats(found[i - 1], frame, subtask));
}

/** Looked at once, however many windows ask. */
function hasRepeats(before: Frame | undefined, frame: Frame): boolean {
  if (before === undefined) return false;
  if (frame.comparedToMs !== before.atMs) {
    frame.hasRepeats = someRepeat(before, frame);
    frame.comparedToMs = before.atMs;
  }
  return frame.hasRepeats;
}

/** Idle time moves with nearly every refresh: where it did, nothing else needs to be looked at. */
function someRepeat(before: Frame, frame: Frame): boolean {
  const [from, to] = [columnStart(before, 'idleMs'), columnStart(frame, 'idleMs')];
  for (let subtask = 0; subtask < frame.phases.length; subtask += 1) {
    const [a, b] = [idleIn(before, from, subtask), idleIn(frame, to, subtask)];
    const hasMoved = !Number.isNaN(a) && a !== b;
    if (!hasMoved && repeats(before, frame, subtask)) return true;
  }
  return false;
}

const idleIn = ({ cells, phases }: Frame, start: number | undefined, subtask: number): number =>
  start === undefined || subtask >= phases.length ? Number.NaN : (cells[start + subtask] ?? Number.NaN);

export const TIMES = ['busyMs', 'idleMs', 'backPressuredMs'] as const;
const COUNTS = ['recordsIn', 'recordsOut', 'bytesIn', 'bytesOut'] as const;

/** The accumulated times tell one refresh from the next; counts of other endpoints may move between two of them. */
function repeats(before: Frame | undefined, frame: Frame, subtask: number): boolean {
  if (before === undefined) return false;
  const isSame = (figure: Figure): boolean => {
    const [a, b] = [figureIn(before, figure, subtask), figureIn(frame, figure, subtask)];
    return a === b || (Number.isNaN(a) && Number.isNaN(b));
  };
  const hasTimes = TIMES.some((time) => !Number.isNaN(figureIn(before, time, subtask)));
  return (hasTimes ? TIMES : COUNTS).every(isSame);
}
