import type { Cell, Table, TableShape } from '../columns.js';

/** Rows of one table that wait, as cells. */
export interface Segment {
  readonly table: TableShape;
  readonly rows: QueuedRow[];
}

export interface QueuedRow {
  readonly atMs: number;
  readonly cells: readonly Cell[];
}

/** Rows that wait to be written, oldest first, never more than `maxRows`. */
export class WriteQueue {
  readonly #maxRows: number;
  #segments: Segment[] = [];
  #rows = 0;
  #dropped = 0;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Rows thrown away since start. */
  get dropped(): number {
    return this.#dropped;
  }

  add<R>(table: Table<R>, rows: readonly R[]): void {
    if (rows.length === 0) return;
    const queued = rows.map((row) => ({ atMs: table.atMs(row), cells: table.columns.map((one) => one.get(row)) }));
    this.#segments.push({ table, rows: queued });
    this.#rows += queued.length;
    this.#bound();
  }

  /** Takes all out; what could not be written comes back through `putBack`. */
  takeAll(): Segment[] {
    const taken = this.#segments;
    this.#segments = [];
    this.#rows = 0;
    return taken;
  }

  putBack(segments: readonly Segment[]): void {
    this.#segments = [...segments, ...this.#segments];
    this.#rows = this.#segments.reduce((sum, segment) => sum + segment.rows.length, 0);
    this.#bound();
  }

  /** The oldest go first: what just happened is worth more. */
  #bound(): void {
    let surplus = this.#rows - this.#maxRows;
    while (surplus > 0) {
      const oldest = this.#segments[0];
      if (oldest === undefined) return;
      const gone = Math.min(surplus, oldest.rows.length);
      oldest.rows.splice(0, gone);
      if (oldest.rows.length === 0) this.#segments.shift();
      this.#rows -= gone;
      this.#dropped += gone;
      surplus -= gone;
    }
  }
}
