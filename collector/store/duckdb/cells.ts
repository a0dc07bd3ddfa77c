import type { DuckDBDataChunk } from '@duckdb/node-api';
import { stepOf, type Bucket } from '../buckets.js';
import type { SeriesQuery } from '../series-store.js';

type Span = Pick<SeriesQuery, 'fromMs' | 'toMs' | 'points'>;

/** Buckets of a query; the last may be cut short. */
export const bucketsIn = (query: Span): number => Math.max(1, Math.ceil((query.toMs - query.fromMs) / stepOf(query)));

/** A cell is a target's bucket as one number. As DOUBLE: a BIGINT would reach JavaScript as a BigInt. */
export const cellSql = (target: string, query: Span): string =>
  `CAST(${target} * ${bucketsIn(query)} + bucket AS DOUBLE)`;

/**
 * The values of an answer by target and bucket, whatever order its rows come in: to sort 400,000 rows costs DuckDB more
 * than to find them.
 */
export class Cells {
  readonly #values: Float64Array;
  readonly #buckets: number;

  constructor(targets: number, query: Span) {
    this.#buckets = bucketsIn(query);
    this.#values = new Float64Array(targets * this.#buckets).fill(Number.NaN);
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
      const value = this.#values[target * this.#buckets + index];
      if (value !== undefined && !Number.isNaN(value)) buckets.push({ index, value });
    }
    return buckets;
  }
}
