import { MAX_POINTS } from './limits.js';
import { shapeOf, type MetricShape } from './series-metrics.js';
import type { SeriesPoint, SeriesQuery } from './series-store.js';

/** Buckets narrower than this would hold no more than one reading each. */
const MIN_STEP_MS = 1_000;
/** A hole longer than this many usual distances between readings is a gap; the beat may wander a little. */
const GAP_FACTOR = 2.5;
/** Nothing shorter is called a gap: Flink's own refresh takes 8–12 s. */
const MIN_GAP_MS = 30_000;
/** A reading further away than this is a gap however rare readings are. */
const MAX_GAP_MS = 15 * 60_000;

/** The width of a bucket for a query. */
export function stepOf(query: Pick<SeriesQuery, 'fromMs' | 'toMs' | 'points'>): number {
  const points = Math.max(1, Math.min(MAX_POINTS, Math.floor(query.points)));
  return Math.max(MIN_STEP_MS, Math.ceil((query.toMs - query.fromMs) / points));
}

/** One bucket that holds something; `index` counts from the query's start. */
export interface Bucket {
  readonly index: number;
  readonly value: number;
}

/** A value of a bucket, and from how many moments it comes. */
export interface Weighted {
  readonly value: number;
  readonly readings: number;
}

/**
 * A wide vertex is read subtask by subtask in one beat and in summary in the others: an average counts each moment once,
 * an extreme is the extreme of both.
 */
export function bucketValue(parts: readonly Weighted[], { overTime }: MetricShape): number {
  if (overTime === 'max') return Math.max(...parts.map(({ value }) => value));
  if (overTime === 'min') return Math.min(...parts.map(({ value }) => value));
  const readings = parts.reduce((sum, part) => sum + part.readings, 0);
  return parts.reduce((sum, part) => sum + part.value * part.readings, 0) / readings;
}

/**
 * Points of a series: one per bucket with a value, and `null` for the empty buckets of a gap. A short series in wide
 * time would be all gaps if every empty bucket were one, so a hole counts only when it is long for this series.
 */
export function toPoints(
  buckets: readonly Bucket[],
  query: Pick<SeriesQuery, 'fromMs' | 'toMs'>,
  stepMs: number,
): readonly SeriesPoint[] {
  const first = buckets[0];
  if (first === undefined) return [];
  const gapMs = gapOf(buckets, stepMs);
  const points: SeriesPoint[] = [];
  const hole = (from: number, to: number): void => {
    if ((to - from + 1) * stepMs <= gapMs) return;
    for (let index = from; index < to; index += 1) points.push({ atMs: query.fromMs + index * stepMs, value: null });
  };
  hole(0, first.index);
  let previous = first.index;
  for (const { index, value } of buckets) {
    if (index > previous + 1) hole(previous + 1, index);
    points.push({ atMs: query.fromMs + index * stepMs, value });
    previous = index;
  }
  hole(previous + 1, Math.ceil((query.toMs - query.fromMs) / stepMs));
  return points;
}

/** Points from the values of each bucket, by its index; several where readings and summaries of a vertex meet. */
export function pointsOfParts(
  parts: ReadonlyMap<number, readonly Weighted[]>,
  query: SeriesQuery,
  stepMs: number,
): readonly SeriesPoint[] {
  const shape = shapeOf(query.metric);
  const buckets = [...parts].sort(([a], [b]) => a - b).map(([index, of]) => ({ index, value: bucketValue(of, shape) }));
  return toPoints(buckets, query, stepMs);
}

function gapOf(buckets: readonly Bucket[], stepMs: number): number {
  // A typed array sorts numbers without a comparison in JavaScript: of 200 series this took longer than reading them.
  const distances = new Int32Array(Math.max(0, buckets.length - 1));
  for (let at = 0; at < distances.length; at += 1)
    distances[at] = (buckets[at + 1]?.index ?? 0) - (buckets[at]?.index ?? 0);
  distances.sort();
  const usual = distances[Math.floor(distances.length / 2)] ?? 1;
  return Math.min(MAX_GAP_MS, Math.max(MIN_GAP_MS, usual * stepMs * GAP_FACTOR));
}
