import { defined } from './defined.js';
import type { SubtaskRates } from './derive.js';
import type { VertexMinute } from './job.js';

export const MINUTE_MS = 60_000;
/** A subtask counts in a minute of which readings cover this much. */
const COVERED_MIN_MS = 30_000;

/** Sums of one subtask over the minute under way: time covered, and share or rate times the time it held. */
const SUMS = [
  'coveredMs',
  'busy',
  'busyMs',
  'backPressured',
  'recordsIn',
  'recordsInMs',
  'recordsOut',
  'recordsOutMs',
] as const;
type Sum = (typeof SUMS)[number];
/** Where a sum lies among those of its subtask. */
// fromEntries knows no keys; these are those of SUMS, one each.
const AT = Object.fromEntries(SUMS.map((name, i) => [name, i])) as Readonly<Record<Sum, number>>;

/**
 * The busiest minutes of a vertex, kept as they pass: a verdict about size looks at three quarters of an hour, and so
 * many readings of every subtask are neither held nor looked through in every beat. Minutes count from the first
 * settled reading of the attempt; one in which not every subtask was read is left out.
 */
export class MinuteLog {
  readonly #max: number;
  readonly #minutes: VertexMinute[] = [];
  /**
   * The sums of subtask 0, then those of subtask 1 …: as objects a fleet's million subtasks would take 250 MB. Sums of some ten
   * readings need no more than seven digits.
   */
  #sums = new Float32Array(0);
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
    this.#sums.fill(0);
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
    this.#makeRoom(subtask);
    const heldMs = toMs - fromMs;
    const { busyRatio, backPressuredRatio, recordsInPerSecond, recordsOutPerSecond } = rates;
    this.#grow(subtask, 'coveredMs', heldMs);
    this.#grow(subtask, 'backPressured', (backPressuredRatio ?? 0) * heldMs);
    if (busyRatio !== undefined) {
      this.#grow(subtask, 'busy', busyRatio * heldMs);
      this.#grow(subtask, 'busyMs', heldMs);
    }
    if (recordsInPerSecond !== undefined) {
      this.#grow(subtask, 'recordsIn', recordsInPerSecond * heldMs);
      this.#grow(subtask, 'recordsInMs', heldMs);
    }
    if (recordsOutPerSecond !== undefined) {
      this.#grow(subtask, 'recordsOut', recordsOutPerSecond * heldMs);
      this.#grow(subtask, 'recordsOutMs', heldMs);
    }
  }

  #makeRoom(subtask: number): void {
    const needed = (subtask + 1) * SUMS.length;
    if (this.#sums.length >= needed) return;
    const sums = new Float32Array(Math.max(needed, 2 * this.#sums.length));
    sums.set(this.#sums);
    this.#sums = sums;
  }

  #grow(subtask: number, sum: Sum, by: number): void {
    const at = subtask * SUMS.length + AT[sum];
    this.#sums[at] = (this.#sums[at] ?? 0) + by;
  }

  /** All subtasks of one reading were added: a minute that ends with it is over. */
  endReading(atMs: number): void {
    if (this.#beganMs !== undefined && atMs >= this.#endMs) this.#close(atMs + 1);
  }

  #close(nextMs: number): void {
    // Room was doubled until all were there.
    if (this.#sums.length > this.#subtasks * SUMS.length)
      this.#sums = this.#sums.slice(0, this.#subtasks * SUMS.length);
    const isRead = Array.from({ length: this.#subtasks }, (_, subtask) => subtask).every(
      (subtask) => (this.#sums[subtask * SUMS.length + AT.coveredMs] ?? 0) >= COVERED_MIN_MS,
    );
    if (isRead && this.#subtasks > 0) {
      this.#minutes.push(minuteOf(this.#sums, this.#subtasks, this.#endMs - MINUTE_MS));
      if (this.#minutes.length > this.#max) this.#minutes.shift();
    }
    this.#sums.fill(0);
    const missed = Math.max(0, Math.ceil((nextMs - this.#endMs) / MINUTE_MS) - 1);
    this.#endMs += MINUTE_MS * (1 + missed);
  }
}

function minuteOf(sums: Float32Array, subtasks: number, startMs: number): VertexMinute {
  /** Mean over the time that was seen; undefined where none was. */
  const meanOf = (subtask: number, sum: Sum, overMs: Sum): number | undefined => {
    const ms = sums[subtask * SUMS.length + AT[overMs]] ?? 0;
    return ms > 0 ? (sums[subtask * SUMS.length + AT[sum]] ?? 0) / ms : undefined;
  };
  const busiest = (sum: Sum, overMs: Sum): number | undefined => {
    let most: number | undefined;
    for (let subtask = 0; subtask < subtasks; subtask += 1) {
      const share = meanOf(subtask, sum, overMs);
      if (share !== undefined) most = Math.max(most ?? 0, share);
    }
    return most;
  };
  // A sum over some of the subtasks would look like a drop.
  const total = (sum: Sum, overMs: Sum): number | undefined => {
    let all = 0;
    for (let subtask = 0; subtask < subtasks; subtask += 1) {
      const rate = meanOf(subtask, sum, overMs);
      if (rate === undefined) return undefined;
      all += rate;
    }
    return all;
  };
  return defined<VertexMinute>({
    startMs,
    busyMaxRatio: busiest('busy', 'busyMs'),
    backPressuredMaxRatio: busiest('backPressured', 'coveredMs'),
    recordsInPerSecond: total('recordsIn', 'recordsInMs'),
    recordsOutPerSecond: total('recordsOut', 'recordsOutMs'),
  });
}
