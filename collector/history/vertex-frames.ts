import {
  cellIn,
  figureOf,
  FIGURES,
  frameOf,
  isSamePhase,
  rowIn,
  sampleIn,
  type Figure,
  type Frame,
  type OfSubtask,
  type SampleView,
  type SubtaskSample,
} from '../model/index.js';

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

  /** As they are now: a later reading changes them. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  /** Grows whenever a reading comes or goes. */
  get version(): number {
    return this.#version;
  }

  /** Keeps what of a reading says something new, and tells it with the sample before it. A reading without news is not kept. */
  add<T extends OfSubtask>(
    atMs: number,
    samples: readonly T[],
    onNews: (told: T, before: SampleView | undefined) => void = () => undefined,
  ): void {
    const news: T[] = [];
    for (const told of samples) {
      const frame = this.#lastFrame(told.subtask);
      const before = frame === undefined ? undefined : rowIn(frame, told.subtask);
      if (!isNews(before, told.sample)) continue;
      news.push(told);
      onNews(told, before);
    }
    if (news.length === 0) return;
    this.#version += 1;
    this.#frames.push(
      frameOf(atMs, news, this.#frames.at(-1)?.phases, (subtask) => this.#lastFrame(subtask)?.phases[subtask]),
    );
    this.#thin(atMs);
  }

  /** The newest sample of a subtask. */
  last(subtask: number): SubtaskSample | undefined {
    const frame = this.#lastFrame(subtask);
    return frame === undefined ? undefined : sampleIn(frame, subtask);
  }

  /** A figure of the first `subtasks` subtasks together, each as it last told it; undefined where none did. */
  lastSum(figure: Figure, subtasks: number): number | undefined {
    const column = FIGURES.indexOf(figure);
    let sum: number | undefined;
    for (let subtask = 0; subtask < subtasks; subtask += 1) {
      const frame = this.#lastFrame(subtask);
      const value = frame === undefined ? undefined : cellIn(frame, column, subtask);
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
      const row = sampleIn(frame, subtask);
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

/**
 * Whether `sample` says anything that `before` did not. Flink refreshes its metrics every 10 s and serves the old ones in
 * between (REST-TRUTH fact 4): a repeated value is no reading.
 */
export function isNews(before: SampleView | undefined, sample: SubtaskSample): boolean {
  if (before === undefined || !isSamePhase(before, sample)) return true;
  for (let figure = 0; figure < FIGURES.length; figure += 1) {
    const value = figureOf(sample, figure);
    if (value !== undefined && value !== figureOf(before, figure)) return true;
  }
  return false;
}
