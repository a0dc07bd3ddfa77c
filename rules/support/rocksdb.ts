import type { JobHistory, VertexHistory } from '../../collector/model/index.js';
import { rocksdbReadings, usesRocksdb, type PropertyReading } from '../../analyzer/signals/rocksdb.js';
import { text, type Text } from '../../analyzer/text.js';

/** Readings of one property by vertex; empty for a job without RocksDB, or why they are not there. */
export function propertyByVertex(
  history: JobHistory,
  property: string,
  option: string,
):
  | readonly { readonly vertex: VertexHistory; readonly readings: readonly PropertyReading[] }[]
  | { readonly notEvaluated: Text } {
  if (!usesRocksdb(history)) return [];
  const told = history.vertices
    .map((vertex) => ({ vertex, readings: rocksdbReadings(vertex, property) }))
    .filter(({ readings }) => readings.length > 0);
  return told.length > 0 ? told : { notEvaluated: notTold(option) };
}

export function notTold(option: string): Text {
  return text(`RocksDB tells it only with ${option}: true`, `RocksDB 仅在 ${option}: true 时报告`);
}

/** Its newest readings, if all of them are so: one alone may be a moment. */
export function lastAre(
  readings: readonly PropertyReading[],
  count: number,
  holds: (reading: PropertyReading) => boolean,
): PropertyReading | undefined {
  const last = readings.slice(-count);
  return last.length === count && last.every(holds) ? last.at(-1) : undefined;
}

export const ROCKSDB_DOCS = 'https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/state/large_state_tuning/';
