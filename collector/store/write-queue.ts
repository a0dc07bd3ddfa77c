import { EMPTY_BATCH } from './empty-batch.js';
import type { Rows, SeriesBatch, StoredBatch } from './series-store.js';

/** A batch that waits to be written; whoever appended it is told once. */
export interface WaitingBatch {
  readonly batch: StoredBatch;
  readonly rows: number;
  settle(kept: boolean): void;
}

const EMPTY: StoredBatch = { ...EMPTY_BATCH, reports: [] };

/** Batches that wait to be written, oldest first, never more than `maxRows` rows. Batches go whole: half of one would lie. */
export class WriteQueue {
  readonly #maxRows: number;
  #waiting: WaitingBatch[] = [];
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

  /** Answers true once the batch is durable, false when it was dropped. */
  add(part: Partial<SeriesBatch & StoredBatch>): Promise<boolean> {
    const batch = { ...EMPTY, ...part };
    const rows = Object.values(batch).reduce((sum: number, list: Rows<unknown>) => sum + list.length, 0);
    if (rows === 0) return Promise.resolve(true);
    const { promise, settle } = settled();
    this.#waiting.push({ batch, rows, settle });
    this.#rows += rows;
    this.#bound();
    return promise;
  }

  /** Takes the oldest out, about `rows` of them, at least one batch; what could not be written comes back through `putBack`. */
  take(rows = Number.POSITIVE_INFINITY): readonly WaitingBatch[] {
    const taken: WaitingBatch[] = [];
    let left = rows;
    for (const one of this.#waiting) {
      if (left <= 0 || (taken.length > 0 && one.rows > left)) break;
      taken.push(one);
      left -= one.rows;
    }
    this.#waiting.splice(0, taken.length);
    this.#rows -= rowsOf(taken);
    return taken;
  }

  putBack(batches: readonly WaitingBatch[]): void {
    this.#waiting.unshift(...batches);
    this.#rows += rowsOf(batches);
    this.#bound();
  }

  /** What can never be written. */
  drop(batches: readonly WaitingBatch[]): void {
    for (const one of batches) {
      this.#dropped += one.rows;
      one.settle(false);
    }
  }

  /** The oldest go first: what just happened is worth more. */
  #bound(): void {
    while (this.#rows > this.#maxRows) {
      const oldest = this.#waiting.shift();
      if (oldest === undefined) return;
      this.#rows -= oldest.rows;
      this.drop([oldest]);
    }
  }
}

export const rowsOf = (batches: readonly WaitingBatch[]): number => batches.reduce((sum, { rows }) => sum + rows, 0);

function settled(): { readonly promise: Promise<boolean>; readonly settle: (kept: boolean) => void } {
  let settle: (kept: boolean) => void = () => undefined;
  const promise = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
