/**
 * Statistics that say `undefined` instead of NaN and never throw. A thin door to simple-statistics, so that no rule
 * meets an empty array's surprise.
 */
import * as stats from 'simple-statistics';

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : sum(values) / values.length;
}

export function max(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}

export function min(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.min(...values);
}

export function median(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : stats.medianSorted([...values].sort((a, b) => a - b));
}

/** `share` in 0–1. */
export function quantile(values: readonly number[], share: number): number | undefined {
  return values.length === 0 ? undefined : stats.quantile([...values], share);
}

/** Population standard deviation over the mean. */
export function variation(values: readonly number[]): number | undefined {
  const average = mean(values);
  if (average === undefined || average <= 0) return undefined;
  return stats.standardDeviation([...values]) / average;
}

/** Points beyond this are thinned before a slope is taken: Theil–Sen looks at every pair. */
const SLOPE_POINTS_MAX = 120;

/** Theil–Sen slope: the median of all pairwise slopes. Robust to single bursts. Undefined below two distinct x. */
export function robustSlope(points: readonly (readonly [number, number])[]): number | undefined {
  return medianInPlace(pairwiseSlopes(thinForSlope(points)));
}

/** As many of the points as a slope looks at. */
export function thinForSlope<T>(points: readonly T[]): readonly T[] {
  return thin(points, SLOPE_POINTS_MAX);
}

/** Of every pair of points with different x, in no order. */
export function pairwiseSlopes(thinned: readonly (readonly [number, number])[]): Float64Array {
  const slopes = new Float64Array((thinned.length * (thinned.length - 1)) / 2);
  let count = 0;
  for (let i = 0; i < thinned.length; i += 1) {
    const [x1, y1] = thinned[i] ?? [0, 0];
    for (let j = i + 1; j < thinned.length; j += 1) {
      const [x2, y2] = thinned[j] ?? [0, 0];
      if (x2 !== x1) slopes[count++] = (y2 - y1) / (x2 - x1);
    }
  }
  return slopes.subarray(0, count);
}

/** The median, with the values in another order afterwards: seven thousand slopes are not sorted in every beat for the one between. */
export function medianInPlace(values: Float64Array): number | undefined {
  if (values.length === 0) return undefined;
  const middle = Math.floor(values.length / 2);
  const upper = nthSmallest(values, middle);
  if (values.length % 2 === 1) return upper;
  // All that is smaller lies before it now.
  return (values.subarray(0, middle).reduce((most, value) => Math.max(most, value), -Infinity) + upper) / 2;
}

/** Hoare's quickselect: afterwards nothing before `n` is larger than what stands there, and nothing behind it smaller. */
export function nthSmallest(values: Float64Array, n: number): number {
  const at = (i: number): number => values[i] ?? 0;
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = at((left + right) >> 1);
    let [i, j] = [left, right];
    while (i <= j) {
      while (at(i) < pivot) i += 1;
      while (at(j) > pivot) j -= 1;
      if (i > j) break;
      [values[i], values[j]] = [at(j), at(i)];
      i += 1;
      j -= 1;
    }
    if (n <= j) right = j;
    else if (n >= i) left = i;
    else break;
  }
  return at(n);
}

export function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value): value is T => value !== undefined);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function thin<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  const step = items.length / limit;
  return Array.from({ length: limit }, (_, i) => items[Math.floor(i * step)]).filter(
    (item): item is T => item !== undefined,
  );
}
