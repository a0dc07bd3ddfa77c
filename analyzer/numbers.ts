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
  const thinned = thin(points, SLOPE_POINTS_MAX);
  const slopes: number[] = [];
  thinned.forEach(([x1, y1], i) => {
    for (const [x2, y2] of thinned.slice(i + 1)) if (x2 !== x1) slopes.push((y2 - y1) / (x2 - x1));
  });
  return median(slopes);
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
