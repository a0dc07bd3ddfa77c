import {
  columnStart,
  figureIn,
  framesOf,
  type Cells,
  type Figure,
  type Frame,
  type VertexHistory,
} from '../../collector/model/index.js';
import { MIN_READINGS, readingsOf, sharedReadings, TIMES, widthOf } from './window-readings.js';

/** Two readings this far apart say as much as three in a row. */
const SPARSE_MIN_COVERED_MS = 45_000;

/** Counters that grow while a task runs. */
export type Counter = Exclude<Figure, 'watermarkMs' | 'pendingRecords'>;

/**
 * What the subtasks of a vertex did in a window that ends with its newest reading: figure by figure, a cell per
 * subtask, NaN where it is not known. A vertex of a hundred subtasks is judged by many signals in every beat, and as
 * objects its readings would cost more than all the judging.
 */
export class VertexWindow {
  readonly newestMs: number;
  /** Subtasks that it has now, as far as any was read. */
  readonly width: number;
  /** Readings that count, oldest first; by subtask where they are not the same for all. */
  readonly #shared: readonly Frame[] | undefined;
  readonly #bySubtask: readonly (readonly Frame[])[];
  readonly #grown = new Map<Counter, Cells>();

  constructor(vertex: VertexHistory, windowMs: number, settleMs: number) {
    const frames = framesOf(vertex);
    this.newestMs = frames.at(-1)?.atMs ?? 0;
    this.width = Math.min(vertex.parallelism ?? Infinity, widthOf(frames));
    const bounds = { fromMs: this.newestMs - windowMs, settleMs };
    this.#shared = sharedReadings(frames, this.width, bounds);
    this.#bySubtask =
      this.#shared !== undefined
        ? []
        : Array.from({ length: this.width }, (_, subtask) => readingsOf(frames, subtask, bounds));
  }

  /** Its readings in the window, oldest first. */
  readings(subtask: number): readonly Frame[] {
    return this.#shared ?? this.#bySubtask[subtask] ?? [];
  }

  /** No subtask has more readings in the window than that. */
  get mostReadings(): number {
    if (this.#shared !== undefined) return this.#shared.length;
    return this.#bySubtask.reduce((most, { length }) => Math.max(most, length), 0);
  }

  /** Whether so many readings are enough for a figure of load. */
  isEnough(subtask: number): boolean {
    const readings = this.readings(subtask);
    return readings.length >= MIN_READINGS || (readings.length > 0 && coveredBy(readings) >= SPARSE_MIN_COVERED_MS);
  }

  /** From its first reading to the last. */
  coveredMs(subtask: number): number {
    return coveredBy(this.readings(subtask));
  }

  taskManagerId(subtask: number): string | undefined {
    return this.readings(subtask).at(-1)?.phases[subtask]?.taskManagerId;
  }

  /** By subtask. Small steps back (1–4 ms were seen) count as 0. */
  growth(counter: Counter): Cells {
    const known = this.#grown.get(counter);
    if (known !== undefined) return known;
    const grown = new Float64Array(this.width);
    if (this.#shared === undefined)
      for (let subtask = 0; subtask < this.width; subtask += 1)
        grown[subtask] = growthOf(this.readings(subtask), counter, subtask);
    else growTogether(grown, this.#shared, counter);
    this.#grown.set(counter, grown);
    return grown;
  }

  /** What a source handled: one chained to its sink tells no output, one before Flink 2 no input (CALIBRATION fact 8). */
  recordsHandled(): Cells {
    const [read, written] = [this.growth('recordsIn'), this.growth('recordsOut')];
    const handled = new Float64Array(this.width);
    for (let subtask = 0; subtask < this.width; subtask += 1) {
      const [a, b] = [read[subtask] ?? Number.NaN, written[subtask] ?? Number.NaN];
      handled[subtask] = Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b);
    }
    return handled;
  }

  /**
   * Milliseconds that passed between first and last reading by Flink's own clock: busy + idle + backpressured
   * (REST-TRUTH fact 1). Where busy is unknown (legacy sources) the wall clock must do.
   */
  clockMs(): Cells {
    const [busy, idle, pressed] = TIMES.map((time) => this.growth(time)) as [Cells, Cells, Cells]; // One each of the three.
    const clock = new Float64Array(this.width);
    for (let subtask = 0; subtask < this.width; subtask += 1) {
      const readings = this.readings(subtask);
      const own = (busy[subtask] ?? Number.NaN) + (idle[subtask] ?? Number.NaN) + (pressed[subtask] ?? Number.NaN);
      clock[subtask] = readings.length < 2 ? Number.NaN : own > 0 ? own : coveredBy(readings);
    }
    return clock;
  }
}

const coveredBy = (readings: readonly Frame[]): number => (readings.at(-1)?.atMs ?? 0) - (readings[0]?.atMs ?? 0);

/** The values that are there. */
export function known(cells: Cells | readonly number[]): number[] {
  const values: number[] = [];
  for (const value of cells) if (!Number.isNaN(value)) values.push(value);
  return values;
}

/** Of one subtask over these readings; NaN where it is not known. */
export function growthOf(readings: readonly Frame[], counter: Counter, subtask: number): number {
  if (readings.length < 2) return Number.NaN;
  let grown = 0;
  let before: number | undefined;
  for (const reading of readings) {
    const value = figureIn(reading, counter, subtask);
    if (Number.isNaN(value)) return Number.NaN;
    if (before !== undefined && value > before) grown += value - before;
    before = value;
  }
  return grown;
}

/** Time that passed over these readings by the clock of the subtask, as in `VertexWindow.clockMs`. */
export function clockMsOf(readings: readonly Frame[], subtask: number): number | undefined {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || readings.length < 2) return undefined;
  const own = TIMES.reduce((total, time) => total + growthOf(readings, time, subtask), 0);
  return own > 0 ? own : last.atMs - first.atMs;
}

/** The same for all subtasks at once: a million of them in a fleet. */
function growTogether(grown: Cells, readings: readonly Frame[], counter: Counter): void {
  if (readings.length < 2) grown.fill(Number.NaN);
  for (let i = 1; i < readings.length; i += 1) {
    const [before, after] = [readings[i - 1], readings[i]];
    const [from, to] = [before && columnStart(before, counter), after && columnStart(after, counter)];
    if (before === undefined || after === undefined || from === undefined || to === undefined) {
      grown.fill(Number.NaN);
      return;
    }
    const [old, now] = [before.cells, after.cells];
    for (let subtask = 0; subtask < grown.length; subtask += 1) {
      const step = (now[to + subtask] ?? Number.NaN) - (old[from + subtask] ?? Number.NaN);
      // A missing value makes the sum missing.
      if (!(step <= 0)) grown[subtask] = (grown[subtask] ?? 0) + step;
    }
  }
}
