import { VERTEX_METRICS, type VertexMetric } from './series-metrics.js';
import type { Figures, JobKey, SubtaskRow } from './series-store.js';

// Object.keys of a const object has exactly its keys.
const METRICS = Object.keys(VERTEX_METRICS) as readonly VertexMetric[];
const SUBTASK = 0;
const ATTEMPT = 1;
const FIGURES = 2;
const CELLS = FIGURES + METRICS.length;
const FIRST_ROWS = 64;

interface VertexReading {
  readonly job: JobKey;
  readonly vertexId: string;
  readonly atMs: number;
  readonly firstRow: number;
}

/** Rows of one reading of a vertex, from the first to before `toRow`. */
export interface RowSpan {
  readonly job: JobKey;
  readonly vertexId: string;
  readonly atMs: number;
  readonly fromRow: number;
  readonly toRow: number;
}

/**
 * Subtask rows in columns; a row becomes an object when somebody comes to it. A fleet of a million subtasks brings 250,000 rows a
 * beat, which wait for the round and then for the store: as objects they take 330 bytes each and are what the collector of garbage
 * copies most, so they take 90.
 */
export class SubtaskRows implements Iterable<SubtaskRow> {
  readonly #readings: VertexReading[] = [];
  #cells = new Float64Array(0);
  #length = 0;
  #times: { oldestMs: number; newestMs: number } | undefined;

  get length(): number {
    return this.#length;
  }

  /** Of the oldest and of the newest row; undefined while there are none. */
  get times(): { readonly oldestMs: number; readonly newestMs: number } | undefined {
    return this.#times;
  }

  add(job: JobKey, vertexId: string, row: Pick<SubtaskRow, 'atMs' | 'subtask' | 'attempt' | 'figures'>): void {
    const { atMs, subtask, attempt, figures } = row;
    const last = this.#readings.at(-1);
    if (last?.job !== job || last.vertexId !== vertexId || last.atMs !== atMs)
      this.#readings.push({ job, vertexId, atMs, firstRow: this.#length });
    this.#times ??= { oldestMs: atMs, newestMs: atMs };
    if (atMs < this.#times.oldestMs) this.#times.oldestMs = atMs;
    if (atMs > this.#times.newestMs) this.#times.newestMs = atMs;
    const start = this.#roomForOne();
    this.#cells[start + SUBTASK] = subtask;
    this.#cells[start + ATTEMPT] = attempt;
    for (let i = 0; i < METRICS.length; i += 1) {
      const metric = METRICS[i];
      this.#cells[start + FIGURES + i] = (metric === undefined ? undefined : figures[metric]) ?? Number.NaN;
    }
    this.#length += 1;
  }

  *[Symbol.iterator](): Generator<SubtaskRow> {
    for (const span of this.spans(0, this.#length))
      for (let row = span.fromRow; row < span.toRow; row += 1) yield this.#rowOf(span, row);
  }

  /** Which readings the rows from the first to before `toRow` are of, in their order. */
  *spans(fromRow: number, toRow: number): Generator<RowSpan> {
    for (let nth = this.#readingOf(fromRow); nth < this.#readings.length; nth += 1) {
      const reading = this.#readings[nth];
      if (reading === undefined || reading.firstRow >= toRow) return;
      const { job, vertexId, atMs, firstRow } = reading;
      const end = this.#readings[nth + 1]?.firstRow ?? this.#length;
      yield { job, vertexId, atMs, fromRow: Math.max(firstRow, fromRow), toRow: Math.min(end, toRow) };
    }
  }

  subtask(row: number): number {
    return this.#cells[row * CELLS + SUBTASK] ?? 0;
  }

  attempt(row: number): number {
    return this.#cells[row * CELLS + ATTEMPT] ?? 0;
  }

  /** NaN where it is not known. */
  figure(row: number, metric: VertexMetric): number {
    return this.#cells[row * CELLS + FIGURES + METRICS.indexOf(metric)] ?? Number.NaN;
  }

  /** The reading that a row is of: the last that begins with it or before. */
  #readingOf(row: number): number {
    let [from, to] = [0, this.#readings.length];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if ((this.#readings[middle]?.firstRow ?? 0) <= row) from = middle;
      else to = middle;
    }
    return from;
  }

  /** Position of the first cell of the next row. */
  #roomForOne(): number {
    const start = this.#length * CELLS;
    if (start + CELLS > this.#cells.length) {
      const cells = new Float64Array(Math.max(FIRST_ROWS * CELLS, 2 * this.#cells.length));
      cells.set(this.#cells);
      this.#cells = cells;
    }
    return start;
  }

  #rowOf({ job, vertexId, atMs }: RowSpan, row: number): SubtaskRow {
    const { cluster, jobName, jobId } = job;
    const [subtask, attempt] = [this.subtask(row), this.attempt(row)];
    // No spread: with one, V8 gives every row a shape of its own.
    return { cluster, jobName, jobId, atMs, vertexId, subtask, attempt, figures: this.#figuresOf(row) };
  }

  #figuresOf(row: number): Figures<VertexMetric> {
    const figures: { -readonly [M in VertexMetric]?: number } = {};
    for (const metric of METRICS) {
      const value = this.figure(row, metric);
      if (!Number.isNaN(value)) figures[metric] = value;
    }
    return figures;
  }
}
