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

/** Objects made of the samples from number `from` on. */
interface View {
  readonly from: number;
  readonly samples: WeakRef<SubtaskSample[]>;
}

const FIRST_CAPACITY = 8;

/**
 * The readings of one subtask in typed arrays: about 80 bytes each, against 300 as objects. A figure that never came
 * takes no room. NaN stands for "missing" inside and never comes out.
 */
export class SampleRing {
  readonly #maxSamples: number;
  #capacity = 0;
  #start = 0;
  #length = 0;
  #atMs = new Float64Array(0);
  #phases: Phase[] = [];
  #columns: (Float64Array | undefined)[] = FIGURES.map(() => undefined);
  #last: SubtaskSample | undefined;
  /** Samples ever dropped; with the length it numbers every sample for good. */
  #dropped = 0;
  #view: View | undefined;

  constructor(maxSamples: number) {
    this.#maxSamples = maxSamples;
  }

  get length(): number {
    return this.#length;
  }

  get last(): SubtaskSample | undefined {
    return this.#last;
  }

  append(sample: SubtaskSample): void {
    if (this.#length === this.#capacity) this.#makeRoom();
    const index = (this.#start + this.#length) % this.#capacity;
    this.#length += 1;
    this.#atMs[index] = sample.atMs;
    this.#phases[index] = this.#phaseOf(sample);
    FIGURES.forEach((name, column) => {
      this.#write(column, index, sample[name]);
    });
    this.#last = sample;
  }

  /**
   * Oldest first. Objects made for an earlier call are used again as long as the garbage collector has left them:
   * an analysis looks at the same samples every beat, and one in a hundred is new.
   */
  samples(): readonly SubtaskSample[] {
    const end = this.#dropped + this.#length;
    const known = this.#view?.samples.deref();
    const from = this.#view?.from ?? 0;
    const knownEnd = known === undefined ? 0 : from + known.length;
    if (known !== undefined && from === this.#dropped && knownEnd === end) return known;
    const kept = known?.slice(this.#dropped - from) ?? [];
    for (let number = this.#dropped + kept.length; number < end; number += 1) kept.push(this.#read(number));
    this.#view = { from: this.#dropped, samples: new WeakRef(kept) };
    return kept;
  }

  dropBefore(ms: number): void {
    while (this.#length > 0 && (this.#atMs[this.#start] ?? 0) < ms) this.#dropOldest();
  }

  /** The same object as before while nothing of it changed; then the first `runningSinceMs` stays, which later ones jitter around. */
  #phaseOf(sample: SubtaskSample): Phase {
    const before = this.#length > 1 ? this.#phases[(this.#start + this.#length - 2) % this.#capacity] : undefined;
    if (before !== undefined && isSamePhase(before, sample)) return before;
    const { state, attempt, startMs, runningSinceMs, taskManagerId } = sample;
    return {
      state,
      attempt,
      ...(startMs === undefined ? {} : { startMs }),
      ...(runningSinceMs === undefined ? {} : { runningSinceMs }),
      ...(taskManagerId === undefined ? {} : { taskManagerId }),
    };
  }

  #write(column: number, index: number, value: number | undefined): void {
    let cells = this.#columns[column];
    if (cells === undefined) {
      if (value === undefined) return;
      cells = new Float64Array(this.#capacity).fill(Number.NaN);
      this.#columns[column] = cells;
    }
    cells[index] = value ?? Number.NaN;
  }

  /** The sample with this number; it must not have been dropped. */
  #read(number: number): SubtaskSample {
    const index = (this.#start + number - this.#dropped) % this.#capacity;
    const phase = this.#phases[index];
    if (phase === undefined) throw new Error('A ring has a phase for every sample.');
    const sample: { -readonly [K in keyof SubtaskSample]: SubtaskSample[K] } = {
      atMs: this.#atMs[index] ?? 0,
      ...phase,
    };
    for (let column = 0; column < FIGURES.length; column += 1) {
      const name = FIGURES[column];
      const value = this.#columns[column]?.[index];
      if (name !== undefined && value !== undefined && !Number.isNaN(value)) sample[name] = value;
    }
    return sample;
  }

  #makeRoom(): void {
    if (this.#capacity === this.#maxSamples) {
      this.#dropOldest();
      return;
    }
    const capacity = Math.min(this.#maxSamples, Math.max(FIRST_CAPACITY, this.#capacity * 2));
    const order = Array.from({ length: this.#length }, (_, offset) => (this.#start + offset) % this.#capacity);
    this.#atMs = moved(this.#atMs, order, capacity);
    this.#columns = this.#columns.map((cells) => (cells === undefined ? undefined : moved(cells, order, capacity)));
    this.#phases = order.flatMap((index) => this.#phases[index] ?? []);
    this.#capacity = capacity;
    this.#start = 0;
  }

  #dropOldest(): void {
    this.#start = (this.#start + 1) % this.#capacity;
    this.#length -= 1;
    this.#dropped += 1;
  }
}

function moved(cells: Float64Array, order: readonly number[], capacity: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(capacity).fill(Number.NaN);
  order.forEach((from, to) => {
    next[to] = cells[from] ?? Number.NaN;
  });
  return next;
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
