import type { SubtaskSample } from '../model/index.js';

/** The figures of a sample, in the order of their columns. */
const FIGURES = [
  'busyMs',
  'idleMs',
  'backPressuredMs',
  'recordsIn',
  'recordsOut',
  'bytesIn',
  'bytesOut',
  'watermarkMs',
  'pendingRecords',
] as const;

/** What stays the same over many samples, held once. */
type Phase = Pick<SubtaskSample, 'state' | 'attempt' | 'startMs' | 'runningSinceMs' | 'taskManagerId'>;

/** A sample with the subtask it is of. */
export interface OfSubtask {
  readonly subtask: number;
  readonly sample: SubtaskSample;
}

/** A sample that said something new, with the one before it. */
export interface News extends OfSubtask {
  readonly before: SubtaskSample | undefined;
}

/** One reading of all subtasks. */
interface Frame {
  readonly atMs: number;
  /** Where the column of each figure begins in `cells`, in columns; undefined where no subtask had the figure. */
  readonly columns: Columns;
  /** Column after column, a cell per subtask. NaN is "missing" and never comes out. */
  readonly cells: Cells;
  /** By subtask; undefined where it was not in the reading, or said nothing that the reading before had not said. */
  readonly phases: readonly (Phase | undefined)[];
  /** Samples made of it, while somebody holds them. */
  rows: WeakRef<(SubtaskSample | undefined)[]> | undefined;
}

type Columns = readonly (number | undefined)[];
type Cells = Float64Array | number[];

/**
 * A typed array costs 200 bytes before its first cell, a plain array of doubles 50, but the collector of garbage copies
 * that one: 1,000 jobs × 5 vertices × 4 subtasks hold 80,000 frames of 28 cells.
 */
const MAX_PLAIN_CELLS = 256;

/** Readings this young are all held: load, lag and causes are judged over at most three minutes. */
const RECENT_MS = 180_000;
/** Older ones, which only skew looks at, are held this far apart. */
const OLDER_EVERY_MS = 55_000;

/**
 * The readings of one vertex, a frame each: all subtasks are read at once, so one array holds them, 8 bytes a
 * cell. As objects they would be 300 bytes, and a fleet has a million subtasks.
 */
export class VertexFrames {
  readonly #keptMs: number;
  readonly #maxFrames: number;
  /** Oldest first. */
  readonly #frames: Frame[] = [];
  #version = 0;

  /** Holds readings for `keptMs`, and never more than `maxFrames`. */
  constructor(keptMs: number, maxFrames: number) {
    this.#keptMs = keptMs;
    this.#maxFrames = maxFrames;
  }

  get length(): number {
    return this.#frames.length;
  }

  /** Grows whenever a reading comes or goes. */
  get version(): number {
    return this.#version;
  }

  /** Keeps a reading; those of its samples that say something new. A reading without news is not kept. */
  add(atMs: number, samples: readonly OfSubtask[]): readonly News[] {
    const news = samples
      .map(({ subtask, sample }) => ({ subtask, sample, before: this.last(subtask) }))
      .filter(({ before, sample }) => isNews(before, sample));
    if (news.length === 0) return news;
    this.#version += 1;
    this.#frames.push(
      frameOf(atMs, news, this.#frames.at(-1)?.phases, (subtask) => this.#lastFrame(subtask)?.phases[subtask]),
    );
    this.#thin(atMs);
    return news;
  }

  /** The newest sample of a subtask. */
  last(subtask: number): SubtaskSample | undefined {
    const frame = this.#lastFrame(subtask);
    return frame === undefined ? undefined : rowOf(frame, subtask);
  }

  /** A figure of the first `subtasks` subtasks together, each as it last told it; undefined where none did. */
  lastSum(figure: (typeof FIGURES)[number], subtasks: number): number | undefined {
    const column = FIGURES.indexOf(figure);
    let sum: number | undefined;
    for (let subtask = 0; subtask < subtasks; subtask += 1) {
      const frame = this.#lastFrame(subtask);
      const value = frame === undefined ? undefined : cellOf(frame, column, subtask);
      if (value !== undefined) sum = (sum ?? 0) + value;
    }
    return sum;
  }

  #lastFrame(subtask: number): Frame | undefined {
    for (let i = this.#frames.length - 1; i >= 0; i -= 1) {
      const frame = this.#frames[i];
      if (frame?.phases[subtask] !== undefined) return frame;
    }
    return undefined;
  }

  /** Oldest first. */
  samples(subtask: number): readonly SubtaskSample[] {
    const found: SubtaskSample[] = [];
    for (const frame of this.#frames) {
      const row = rowOf(frame, subtask);
      if (row !== undefined) found.push(row);
    }
    return found;
  }

  /** Subtasks that any held reading has. */
  get subtasks(): readonly number[] {
    const most = Math.max(0, ...this.#frames.map(({ phases }) => phases.length));
    return Array.from({ length: most }, (_, subtask) => subtask).filter((subtask) =>
      this.#frames.some(({ phases }) => phases[subtask] !== undefined),
    );
  }

  dropBefore(ms: number): void {
    while (this.#frames[0] !== undefined && this.#frames[0].atMs < ms) {
      this.#frames.shift();
      this.#version += 1;
    }
  }

  /** One frame grows old at a time, so that one look at the border is enough. */
  #thin(nowMs: number): void {
    this.dropBefore(nowMs - this.#keptMs);
    if (this.#frames.length > this.#maxFrames) this.#frames.shift();
    for (let i = 1; i < this.#frames.length - 1; i += 1) {
      const [before, frame] = [this.#frames[i - 1], this.#frames[i]];
      if (before === undefined || frame === undefined || frame.atMs >= nowMs - RECENT_MS) return;
      // A reading in which a subtask speaks that the one before lacks may be its only one.
      if (frame.atMs - before.atMs < OLDER_EVERY_MS && before.phases.length >= frame.phases.length) {
        this.#frames.splice(i, 1);
        i -= 1;
      }
    }
  }
}

function frameOf(
  atMs: number,
  samples: readonly OfSubtask[],
  phasesBefore: readonly (Phase | undefined)[] | undefined,
  lastPhase: (subtask: number) => Phase | undefined,
): Frame {
  const width = Math.max(...samples.map(({ subtask }) => subtask)) + 1;
  const columns = columnsOf(samples);
  const cells = noCells(width * columns.filter((column) => column !== undefined).length);
  const phases = Array.from<Phase | undefined>({ length: width });
  for (const { subtask, sample } of samples) {
    const before = lastPhase(subtask);
    // The first time a phase was said to run since stays: later ones jitter around it.
    phases[subtask] = before !== undefined && isSamePhase(before, sample) ? before : phaseOf(sample);
    for (let figure = 0; figure < FIGURES.length; figure += 1) {
      const name = FIGURES[figure];
      const value = name === undefined ? undefined : sample[name];
      const column = columns[figure];
      if (value !== undefined && column !== undefined) cells[column * width + subtask] = value;
    }
  }
  const areAsBefore = phasesBefore?.length === width && phases.every((phase, i) => phase === phasesBefore[i]);
  return { atMs, columns, cells, phases: areAsBefore ? phasesBefore : phases, rows: undefined };
}

/** One for each set of figures that a reading can have, so at most two to the power of their number. */
const knownColumns = new Map<number, Columns>();

/** A column for every figure that any of them has. */
function columnsOf(samples: readonly OfSubtask[]): Columns {
  const has = FIGURES.map((name) => samples.some(({ sample }) => sample[name] !== undefined));
  const key = has.reduce((bits, one, figure) => (one ? bits + 2 ** figure : bits), 0);
  const known = knownColumns.get(key);
  if (known !== undefined) return known;
  let next = 0;
  const columns = has.map((one) => {
    if (!one) return undefined;
    next += 1;
    return next - 1;
  });
  knownColumns.set(key, columns);
  return columns;
}

function noCells(count: number): Cells {
  if (count > MAX_PLAIN_CELLS) return new Float64Array(count).fill(Number.NaN);
  return Array.from<number>({ length: count }).fill(Number.NaN);
}

function cellOf({ columns, cells, phases }: Frame, figure: number, subtask: number): number | undefined {
  const column = columns[figure];
  const value = column === undefined || subtask >= phases.length ? undefined : cells[column * phases.length + subtask];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

function phaseOf({ state, attempt, startMs, runningSinceMs, taskManagerId }: SubtaskSample): Phase {
  return {
    state,
    attempt,
    ...(startMs === undefined ? {} : { startMs }),
    ...(runningSinceMs === undefined ? {} : { runningSinceMs }),
    ...(taskManagerId === undefined ? {} : { taskManagerId }),
  };
}

/** The same object as long as somebody holds it: an analysis looks at the same samples every beat, and few are new. */
function rowOf(frame: Frame, subtask: number): SubtaskSample | undefined {
  const phase = frame.phases[subtask];
  if (phase === undefined) return undefined;
  let rows = frame.rows?.deref();
  if (rows === undefined) {
    rows = [];
    frame.rows = new WeakRef(rows);
  }
  return (rows[subtask] ??= made(frame, phase, subtask));
}

function made(frame: Frame, phase: Phase, subtask: number): SubtaskSample {
  const sample: { -readonly [K in keyof SubtaskSample]: SubtaskSample[K] } = { atMs: frame.atMs, ...phase };
  for (let figure = 0; figure < FIGURES.length; figure += 1) {
    const name = FIGURES[figure];
    const value = cellOf(frame, figure, subtask);
    if (name !== undefined && value !== undefined) sample[name] = value;
  }
  return sample;
}

const isSamePhase = (a: Phase, b: Phase): boolean =>
  a.state === b.state && a.attempt === b.attempt && a.startMs === b.startMs && a.taskManagerId === b.taskManagerId;

/**
 * Whether `sample` says anything that `before` did not. Flink refreshes its metrics every 10 s and serves the old ones in
 * between (REST-TRUTH fact 4): a repeated value is no reading.
 */
export function isNews(before: SubtaskSample | undefined, sample: SubtaskSample): boolean {
  if (before === undefined || !isSamePhase(before, sample)) return true;
  return FIGURES.some((name) => sample[name] !== undefined && sample[name] !== before[name]);
}
