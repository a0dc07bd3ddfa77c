import type { DuckDBDataChunk } from '@duckdb/node-api';
import { stepOf, type Bucket } from '../buckets.js';
import { MAX_POINTS } from '../limits.js';
import type { SeriesQuery } from '../series-store.js';

/** A cell is a target's bucket as one number. One bucket more than points: the last may be cut short. */
const CELLS_PER_TARGET = MAX_POINTS + 1;

/** As DOUBLE: a BIGINT would reach JavaScript as a BigInt. */
export const cellSql = (target: string): string => `CAST(${target} * ${CELLS_PER_TARGET} + bucket AS DOUBLE)`;

/**
 * The values of an answer by target and bucket, whatever order its rows come in: to sort 400,000 rows costs DuckDB more
 * than to find them.
 */
export class Cells {
  readonly #values: Float64Array;
  readonly #buckets: number;

  constructor(targets: number, query: Pick<SeriesQuery, 'fromMs' | 'toMs' | 'points'>) {
    this.#values = new Float64Array(targets * CELLS_PER_TARGET).fill(Number.NaN);
    this.#buckets = Math.min(CELLS_PER_TARGET, Math.ceil((query.toMs - query.fromMs) / stepOf(query)));
  }

  /** Rows of cell and value. */
  take(chunk: DuckDBDataChunk): void {
    const [cells, values] = [chunk.getColumnVector(0), chunk.getColumnVector(1)];
    // Asked once: each time is a call into native code.
    const rows = chunk.rowCount;
    for (let row = 0; row < rows; row += 1) {
      const [cell, value] = [cells.getItem(row), values.getItem(row)];
      if (typeof cell === 'number' && typeof value === 'number') this.#values[cell] = value;
    }
  }

  /** In the order of time. */
  bucketsOf(target: number): readonly Bucket[] {
    const buckets: Bucket[] = [];
    for (let index = 0; index < this.#buckets; index += 1) {
      const value = this.#values[target * CELLS_PER_TARGET + index];
      if (value !== undefined && !Number.isNaN(value)) buckets.push({ index, value });
    }
    return buckets;
  }
}
