import { EMPTY_BATCH } from './empty-batch.js';
import { MAX_QUEUED_TEXT_BYTES } from './limits.js';
import type { Rows, SeriesBatch, StoredBatch } from './series-store.js';

/** A batch that waits to be written; whoever appended it is told once. */
export interface WaitingBatch {
  readonly batch: StoredBatch;
  readonly rows: number;
  readonly textBytes: number;
  settle(kept: boolean): void;
}

const EMPTY: StoredBatch = { ...EMPTY_BATCH, reports: [] };

/** Batches that wait to be written, oldest first, never more than `maxRows` rows or `MAX_QUEUED_TEXT_BYTES` of texts. Batches go whole: half of one would lie. */
export class WriteQueue {
  readonly #maxRows: number;
  #waiting: WaitingBatch[] = [];
  #rows = 0;
  #textBytes = 0;
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
    const one = { batch, rows, textBytes: textBytesOf(batch), settle };
    this.#waiting.push(one);
    this.#count([one], 1);
    this.#bound();
    return promise;
  }

  /** Takes the oldest out, about `rows` and `textBytes` of them, at least one batch; what could not be written comes back through `putBack`. */
  take(rows = Number.POSITIVE_INFINITY, textBytes = Number.POSITIVE_INFINITY): readonly WaitingBatch[] {
    const taken: WaitingBatch[] = [];
    let [left, leftBytes] = [rows, textBytes];
    for (const one of this.#waiting) {
      if (left <= 0 || (taken.length > 0 && (one.rows > left || one.textBytes > leftBytes))) break;
      taken.push(one);
      left -= one.rows;
      leftBytes -= one.textBytes;
    }
    this.#waiting.splice(0, taken.length);
    this.#count(taken, -1);
    return taken;
  }

  putBack(batches: readonly WaitingBatch[]): void {
    this.#waiting.unshift(...batches);
    this.#count(batches, 1);
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
    // One batch alone may hold more texts (the first round of a thousand failed jobs): it is written by itself.
    while (this.#rows > this.#maxRows || (this.#textBytes > MAX_QUEUED_TEXT_BYTES && this.#waiting.length > 1)) {
      const oldest = this.#waiting.shift();
      if (oldest === undefined) return;
      this.#count([oldest], -1);
      this.drop([oldest]);
    }
  }

  #count(batches: readonly WaitingBatch[], sign: 1 | -1): void {
    for (const { rows, textBytes } of batches) {
      this.#rows += sign * rows;
      this.#textBytes += sign * textBytes;
    }
  }
}

/** Of what may be long; the other rows are counted as rows. */
function textBytesOf({ reports, exceptions, checkpoints }: StoredBatch): number {
  let bytes = 0;
  for (const { body } of reports) bytes += body.length;
  for (const { exception } of exceptions) bytes += exception.stacktrace.length;
  for (const { checkpoint } of checkpoints) bytes += DETAIL_BYTES * (checkpoint.details?.length ?? 0);
  return bytes;
}

/** Phases of one subtask as JSON. */
const DETAIL_BYTES = 250;

export const rowsOf = (batches: readonly WaitingBatch[]): number => batches.reduce((sum, { rows }) => sum + rows, 0);

function settled(): { readonly promise: Promise<boolean>; readonly settle: (kept: boolean) => void } {
  let settle: (kept: boolean) => void = () => undefined;
  const promise = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
