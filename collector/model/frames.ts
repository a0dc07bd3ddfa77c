import type { SubtaskSample, VertexHistory } from './job.js';

/** The figures of a sample, in the order of their columns. */
export const FIGURES = [
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

export type Figure = (typeof FIGURES)[number];

/** A figure of a sample by its place in FIGURES. A switch, because `sample[name]` with a name that varies is looked up anew each time. */
export function figureOf(sample: SampleView, figure: number): number | undefined {
  switch (figure) {
    case 0:
      return sample.busyMs;
    case 1:
      return sample.idleMs;
    case 2:
      return sample.backPressuredMs;
    case 3:
      return sample.recordsIn;
    case 4:
      return sample.recordsOut;
    case 5:
      return sample.bytesIn;
    case 6:
      return sample.bytesOut;
    case 7:
      return sample.watermarkMs;
    case 8:
      return sample.pendingRecords;
    default:
      return undefined;
  }
}

/** What stays the same over many samples, held once. */
export type Phase = Pick<SubtaskSample, 'state' | 'attempt' | 'startMs' | 'runningSinceMs' | 'taskManagerId'>;

/** A sample as it stands in a frame: what it lacks is undefined. Every sample is one. */
export type SampleView = Pick<SubtaskSample, 'atMs' | Exclude<keyof Phase, Absent>> & {
  readonly [K in Absent | Figure]?: SubtaskSample[K] | undefined;
};

type Absent = 'startMs' | 'runningSinceMs' | 'taskManagerId';

/** A sample with the subtask it is of. */
export interface OfSubtask {
  readonly subtask: number;
  readonly sample: SubtaskSample;
}

/** One reading of all subtasks. */
export interface Frame {
  readonly atMs: number;
  /** Where the column of each figure begins in `cells`, in columns; undefined where no subtask had the figure. */
  readonly columns: Columns;
  /** Column after column, a cell per subtask. NaN is "missing" and never comes out. */
  readonly cells: Cells;
  /** By subtask; undefined where it was not in the reading, or said nothing that the reading before had not said. */
  readonly phases: readonly (Phase | undefined)[];
  /** Samples made of it, while somebody holds them. */
  rows: WeakRef<(SubtaskSample | undefined)[]> | undefined;
  /** The reading before that it was last compared to, by its time, and whether a subtask repeated it. */
  comparedToMs: number | undefined;
  hasRepeats: boolean;
}

type Columns = readonly (number | undefined)[];
export type Cells = Float64Array | number[];

/**
 * A typed array costs 200 bytes before its first cell, a plain array of doubles 50, but the collector of garbage copies
 * that one: 1,000 jobs × 5 vertices × 4 subtasks hold 80,000 frames of 28 cells.
 */
const MAX_PLAIN_CELLS = 256;

/** `lastPhase`: of the reading of that subtask before this one. */
export function frameOf(
  atMs: number,
  samples: readonly OfSubtask[],
  phasesBefore: readonly (Phase | undefined)[] | undefined,
  lastPhase: (subtask: number) => Phase | undefined,
): Frame {
  const width = samples.reduce((most, { subtask }) => Math.max(most, subtask), 0) + 1;
  const columns = columnsOf(samples);
  const cells = noCells(width * columns.filter((column) => column !== undefined).length);
  const phases = Array.from<Phase | undefined>({ length: width });
  for (const { subtask, sample } of samples) {
    const before = lastPhase(subtask);
    // The first time a phase was said to run since stays: later ones jitter around it.
    phases[subtask] = before !== undefined && isSamePhase(before, sample) ? before : phaseOf(sample);
    for (let figure = 0; figure < FIGURES.length; figure += 1) {
      const value = figureOf(sample, figure);
      const column = columns[figure];
      if (value !== undefined && column !== undefined) cells[column * width + subtask] = value;
    }
  }
  const areAsBefore = phasesBefore?.length === width && phases.every((phase, i) => phase === phasesBefore[i]);
  return {
    atMs,
    columns,
    cells,
    phases: areAsBefore ? phasesBefore : phases,
    rows: undefined,
    comparedToMs: undefined,
    hasRepeats: false,
  };
}

/** One for each set of figures that a reading can have, so at most two to the power of their number. */
const knownColumns = new Map<number, Columns>();

/** A column for every figure that any of them has. */
function columnsOf(samples: readonly OfSubtask[]): Columns {
  const has = FIGURES.map((_, figure) => samples.some(({ sample }) => figureOf(sample, figure) !== undefined));
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

/** So many missing values. */
export function noCells(count: number): Cells {
  if (count > MAX_PLAIN_CELLS) return new Float64Array(count).fill(Number.NaN);
  return Array.from<number>({ length: count }).fill(Number.NaN);
}

export function cellIn({ columns, cells, phases }: Frame, figure: number, subtask: number): number | undefined {
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

/** The sample of one subtask: the same object as long as somebody holds it: an analysis looks at the same samples every beat, and few are new. */
export function sampleIn(frame: Frame, subtask: number): SubtaskSample | undefined {
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
    const value = cellIn(frame, figure, subtask);
    if (name !== undefined && value !== undefined) sample[name] = value;
  }
  return sample;
}

type PhaseView = Pick<SampleView, keyof Phase>;

export const isSamePhase = (a: PhaseView, b: PhaseView): boolean =>
  a.state === b.state && a.attempt === b.attempt && a.startMs === b.startMs && a.taskManagerId === b.taskManagerId;

/** Position of the first cell of a figure, a cell per subtask from there on; undefined where the reading has none of it. */
export function columnStart({ columns, phases }: Frame, figure: Figure): number | undefined {
  const column = columns[FIGURE_AT[figure]];
  return column === undefined ? undefined : column * phases.length;
}

/** Place of each in FIGURES: a literal, whose fields the compiler of the hot loops knows. */
export const FIGURE_AT: Readonly<Record<Figure, number>> = {
  busyMs: 0,
  idleMs: 1,
  backPressuredMs: 2,
  recordsIn: 3,
  recordsOut: 4,
  bytesIn: 5,
  bytesOut: 6,
  watermarkMs: 7,
  pendingRecords: 8,
};

/** A figure of one subtask; NaN where it is missing. */
export function figureIn(frame: Frame, figure: Figure, subtask: number): number {
  const start = columnStart(frame, figure);
  return start === undefined || subtask >= frame.phases.length
    ? Number.NaN
    : (frame.cells[start + subtask] ?? Number.NaN);
}

/** By subtask, as each was last read; undefined for one that never was. */
export function lastPhasesOf(vertex: Pick<VertexHistory, 'frames' | 'subtasks'>): readonly (Phase | undefined)[] {
  const frames = framesOf(vertex);
  const newest = frames.at(-1)?.phases ?? [];
  const width = frames.reduce((most, { phases }) => Math.max(most, phases.length), 0);
  if (newest.length === width && !newest.includes(undefined)) return newest;
  return Array.from(
    { length: width },
    (_, subtask) => frames.findLast(({ phases }) => phases[subtask] !== undefined)?.phases[subtask],
  );
}

/** The newest sample of a subtask; undefined for one that was never read. */
export function lastSampleOf(
  vertex: Pick<VertexHistory, 'frames' | 'subtasks'>,
  subtask: number,
): SubtaskSample | undefined {
  const frame = framesOf(vertex).findLast(({ phases }) => phases[subtask] !== undefined);
  return frame === undefined ? undefined : sampleIn(frame, subtask);
}

/** The readings of a vertex, oldest first: as the collector holds them, or made of the samples of a history that has none. */
export function framesOf({ frames, subtasks }: Pick<VertexHistory, 'frames' | 'subtasks'>): readonly Frame[] {
  if (frames !== undefined) return frames;
  const known = madeFrames.get(subtasks);
  if (known !== undefined) return known;
  const made = framesOfSamples(subtasks);
  madeFrames.set(subtasks, made);
  return made;
}

const madeFrames = new WeakMap<VertexHistory['subtasks'], readonly Frame[]>();

function framesOfSamples(subtasks: VertexHistory['subtasks']): readonly Frame[] {
  const byTime = new Map<number, OfSubtask[]>();
  for (const { subtask, samples } of subtasks)
    for (const sample of samples) byTime.set(sample.atMs, [...(byTime.get(sample.atMs) ?? []), { subtask, sample }]);
  const frames: Frame[] = [];
  const lastPhases: (Phase | undefined)[] = [];
  for (const [atMs, samples] of [...byTime].sort(([a], [b]) => a - b)) {
    const frame = frameOf(atMs, samples, frames.at(-1)?.phases, (subtask) => lastPhases[subtask]);
    frames.push(frame);
    for (const { subtask } of samples) lastPhases[subtask] = frame.phases[subtask];
  }
  return frames;
}
