import type { JobHistory, VertexHistory } from '../../collector/model/index.js';
import { cacheReadsOf, rocksdbReadings, usesRocksdb, type PropertyReading } from '../../analyzer/signals/rocksdb.js';
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

/** Diagnosis §5.6: below this share of hits the cache is too small, given enough reads (10 000 a minute) to say so. */
export const CACHE_HIT_MIN = 0.8;
export const CACHE_READS_MIN = 170;

/** `stop`, `flush`, `cache`: what shows that the memory of a vertex's RocksDB is short. `none`: it tells, and nothing is. */
export type Strain = 'stop' | 'flush' | 'cache' | 'none';

/** Undefined where RocksDB tells nothing of it. */
export function strainOf(vertex: VertexHistory): Strain | undefined {
  const stopped = rocksdbReadings(vertex, 'is-write-stopped');
  const delayed = rocksdbReadings(vertex, 'actual-delayed-write-rate');
  const waiting = rocksdbReadings(vertex, 'num-immutable-mem-table');
  const reads = cacheReadsOf(vertex);
  if ((stopped.at(-1)?.max ?? 0) >= 1 || lastAre(delayed, 2, ({ max }) => max > 0) !== undefined) return 'stop';
  if (lastAre(waiting, 4, ({ max }) => max >= 1) !== undefined) return 'flush';
  if (reads !== undefined && reads.perSecond >= CACHE_READS_MIN && reads.hitRatio < CACHE_HIT_MIN) return 'cache';
  return stopped.length + delayed.length + waiting.length > 0 || reads !== undefined ? 'none' : undefined;
}

export const ROCKSDB_DOCS = 'https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/state/large_state_tuning/';
