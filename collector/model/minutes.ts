import { defined } from './defined.js';
import type { SubtaskRates } from './derive.js';
import type { VertexMinute } from './job.js';

export const MINUTE_MS = 60_000;
/** A subtask counts in a minute of which readings cover this much. */
const COVERED_MIN_MS = 30_000;

/** Sums of one subtask over the minute under way: share or rate times the time it held. */
interface Sums {
  coveredMs: number;
  busy: number;
  busyMs: number;
  backPressured: number;
  recordsIn: number;
  recordsInMs: number;
  recordsOut: number;
  recordsOutMs: number;
}

/**
 * The busiest minutes of a vertex, kept as they pass: a verdict about size looks at three quarters of an hour, and so
 * many readings of every subtask are neither held nor looked through in every beat. Minutes count from the first
 * settled reading of the attempt; one in which not every subtask was read is left out.
 */
export class MinuteLog {
  readonly #max: number;
  readonly #minutes: VertexMinute[] = [];
  #sums: (Sums | undefined)[] = [];
  #subtasks = 0;
  #beganMs: number | undefined;
  #endMs = 0;

  constructor(maxMinutes: number) {
    this.#max = maxMinutes;
  }

  /** Oldest first. */
  get minutes(): readonly VertexMinute[] {
    return this.#minutes;
  }

  /** A new attempt: what the one before did says nothing of it. */
  reset(): void {
    this.#minutes.length = 0;
    this.#sums = [];
    this.#subtasks = 0;
    this.#beganMs = undefined;
    this.#endMs = 0;
  }

  /** What one subtask did between two readings. */
  add(subtask: number, rates: SubtaskRates, fromMs: number, toMs: number): void {
    this.#beganMs ??= fromMs;
    if (this.#endMs <= this.#beganMs) this.#endMs = this.#beganMs + MINUTE_MS;
    if (toMs > this.#endMs) this.#close(toMs);
    this.#subtasks = Math.max(this.#subtasks, subtask + 1);
    const sums = (this.#sums[subtask] ??= noSums());
    const heldMs = toMs - fromMs;
    const { busyRatio, backPressuredRatio, recordsInPerSecond, recordsOutPerSecond } = rates;
    sums.coveredMs += heldMs;
    sums.backPressured += (backPressuredRatio ?? 0) * heldMs;
    if (busyRatio !== undefined) {
      sums.busy += busyRatio * heldMs;
      sums.busyMs += heldMs;
    }
    if (recordsInPerSecond !== undefined) {
      sums.recordsIn += recordsInPerSecond * heldMs;
      sums.recordsInMs += heldMs;
    }
    if (recordsOutPerSecond !== undefined) {
      sums.recordsOut += recordsOutPerSecond * heldMs;
      sums.recordsOutMs += heldMs;
    }
  }

  /** All subtasks of one reading were added: a minute that ends with it is over. */
  endReading(atMs: number): void {
    if (this.#beganMs !== undefined && atMs >= this.#endMs) this.#close(atMs + 1);
  }

  #close(nextMs: number): void {
    const read = this.#sums.filter((sums) => sums !== undefined && sums.coveredMs >= COVERED_MIN_MS) as Sums[]; // The filter leaves no undefined.
    if (read.length === this.#subtasks && read.length > 0) {
      this.#minutes.push(minuteOf(read, this.#endMs - MINUTE_MS));
      if (this.#minutes.length > this.#max) this.#minutes.shift();
    }
    this.#sums = [];
    const missed = Math.max(0, Math.ceil((nextMs - this.#endMs) / MINUTE_MS) - 1);
    this.#endMs += MINUTE_MS * (1 + missed);
  }
}

function minuteOf(subtasks: readonly Sums[], startMs: number): VertexMinute {
  const busiest = (of: (sums: Sums) => number | undefined): number | undefined => {
    let most: number | undefined;
    for (const sums of subtasks) {
      const share = of(sums);
      if (share !== undefined) most = Math.max(most ?? 0, share);
    }
    return most;
  };
  // A sum over some of the subtasks would look like a drop.
  const total = (of: (sums: Sums) => number | undefined): number | undefined => {
    let sum = 0;
    for (const sums of subtasks) {
      const rate = of(sums);
      if (rate === undefined) return undefined;
      sum += rate;
    }
    return sum;
  };
  return defined<VertexMinute>({
    startMs,
    busyMaxRatio: busiest(({ busy, busyMs }) => (busyMs > 0 ? busy / busyMs : undefined)),
    backPressuredMaxRatio: busiest(({ backPressured, coveredMs }) => backPressured / coveredMs),
    recordsInPerSecond: total(({ recordsIn, recordsInMs }) => (recordsInMs > 0 ? recordsIn / recordsInMs : undefined)),
    recordsOutPerSecond: total(({ recordsOut, recordsOutMs }) =>
      recordsOutMs > 0 ? recordsOut / recordsOutMs : undefined,
    ),
  });
}

const noSums = (): Sums => ({
  coveredMs: 0,
  busy: 0,
  busyMs: 0,
  backPressured: 0,
  recordsIn: 0,
  recordsInMs: 0,
  recordsOut: 0,
  recordsOutMs: 0,
});
