import { DuckDBDataChunk, type DuckDBValue } from '@duckdb/node-api';
import { keptDecimals, SUBTASK_TABLE, type VertexNumber } from '../columns.js';
import { ROWS_PER_CHUNK } from '../limits.js';
import { VERTEX_METRICS, type VertexMetric } from '../series-metrics.js';
import type { RowSpan, SubtaskRows } from '../subtask-rows.js';
import { TYPES } from './column-types.js';

/** Columns of `SUBTASK_TABLE`; the figures follow in the order of `VERTEX_METRICS`. */
const AT_MS = 0;
const VERTEX = 1;
const SUBTASK = 2;
const ATTEMPT = 3;
const FIGURES = 4;
// Object.keys of a const object has exactly its keys.
const METRICS = (Object.keys(VERTEX_METRICS) as readonly VertexMetric[]).map((metric) => ({
  metric,
  kept: keptDecimals(metric),
}));

/**
 * Subtask rows as chunks for `SUBTASK_TABLE`, filled column by column without making a row of them: in a large fleet nearly all
 * rows are these, and to make them one by one costs more than to decode Flink's answers.
 */
export function* subtaskChunks(rows: SubtaskRows, vertexNumber: VertexNumber): Generator<DuckDBDataChunk> {
  for (let from = 0; from < rows.length; from += ROWS_PER_CHUNK) {
    const to = Math.min(rows.length, from + ROWS_PER_CHUNK);
    const chunk = DuckDBDataChunk.create(
      SUBTASK_TABLE.columns.map(({ type }) => TYPES[type]),
      to - from,
    );
    const spans = [...rows.spans(from, to)];
    const fillBySpan = (column: number, valueOf: (span: RowSpan) => DuckDBValue): void => {
      const vector = chunk.getColumnVector(column);
      for (const span of spans) {
        const value = valueOf(span);
        for (let row = span.fromRow; row < span.toRow; row += 1) vector.setItem(row - from, value);
      }
      vector.flush();
    };
    const fill = (column: number, valueOf: (row: number) => number | null): void => {
      const vector = chunk.getColumnVector(column);
      for (let row = from; row < to; row += 1) vector.setItem(row - from, valueOf(row));
      vector.flush();
    };
    fillBySpan(AT_MS, ({ atMs }) => BigInt(Math.round(atMs)));
    fillBySpan(VERTEX, ({ job, vertexId }) => {
      const { cluster, jobName, jobId } = job;
      return vertexNumber({ cluster, jobName, jobId, vertexId });
    });
    fill(SUBTASK, (row) => rows.subtask(row));
    fill(ATTEMPT, (row) => rows.attempt(row));
    METRICS.forEach(({ metric, kept }, nth) => {
      fill(FIGURES + nth, (row) => {
        const value = rows.figure(row, metric);
        return Number.isFinite(value) ? (kept(value) ?? null) : null;
      });
    });
    yield chunk;
  }
}
