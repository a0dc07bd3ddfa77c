import type { JobHistory, MetricReading, VertexHistory } from '../../collector/model/index.js';
import { max, present, sum } from '../numbers.js';

/** Readings of one property over all states of a vertex, oldest first. */
export interface PropertyReading {
  readonly atMs: number;
  /** The highest of any state and subtask. */
  readonly max: number;
  /** Of all states and subtasks together. */
  readonly sum: number;
}

/** `<operator>.<state>.rocksdb.is-write-stopped`; some reporters write `_` for the dots within the name. */
const ID = /^.+\.rocksdb[._](.+)$/;

export function usesRocksdb({ checkpointConfig }: JobHistory): boolean {
  return /rocksdb/i.test(checkpointConfig?.stateBackend ?? '');
}

/** What a vertex tells of one RocksDB property, over the last readings; empty where its option is off. */
export function rocksdbReadings({ metrics }: VertexHistory, property: string): readonly PropertyReading[] {
  if (metrics === undefined) return [];
  const found = [...metrics].filter(([id]) => ID.exec(id)?.[1]?.replaceAll('_', '.') === property);
  const times = new Set(found.flatMap(([, readings]) => readings.map(({ atMs }) => atMs)));
  return [...times]
    .sort((a, b) => a - b)
    .flatMap((atMs) => {
      const then = present(found.map(([, readings]) => readings.find((reading) => reading.atMs === atMs)));
      const highest = max(present(then.map((reading) => reading.max)));
      return highest === undefined ? [] : [{ atMs, max: highest, sum: sum(then.map(sumOf)) }];
    });
}

function sumOf(reading: MetricReading): number {
  return reading.sum ?? reading.max ?? 0;
}

/** Growth of a ticker per second between the last two readings; a ticker that fell was reset by a restart. */
export function tickerPerSecond(readings: readonly PropertyReading[]): number | undefined {
  const [before, last] = readings.slice(-2);
  if (before === undefined || last === undefined || last.sum < before.sum || last.atMs <= before.atMs) return undefined;
  return ((last.sum - before.sum) * 1000) / (last.atMs - before.atMs);
}

/** Reads of a vertex's state over the last two readings of the block cache; undefined where its tickers are off. */
export function cacheReadsOf(
  vertex: VertexHistory,
): { readonly perSecond: number; readonly hitRatio: number } | undefined {
  const hits = tickerPerSecond(rocksdbReadings(vertex, 'block.cache.hit'));
  const misses = tickerPerSecond(rocksdbReadings(vertex, 'block.cache.miss'));
  if (hits === undefined || misses === undefined) return undefined;
  return { perSecond: hits + misses, hitRatio: hits / Math.max(1, hits + misses) };
}
