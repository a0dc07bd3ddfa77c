import { max, median, medianInPlace, nthSmallest, pairwiseSlopes, sum, thinForSlope } from '../numbers.js';

/**
 * How readings err around their line. `scatters`: each by itself, or a few in a row in the same direction (a checkpoint's duration).
 * `accumulates`: each is the one before plus what came since (waiting records), so that what went wrong once stays.
 */
export type Course = 'scatters' | 'accumulates';

type Point = readonly [atMs: number, value: number];

/** A straight line through readings, and how far it may be off either way: nine times of ten it lies between the bounds. */
export interface TrendLine {
  readonly perMs: number;
  readonly perMsLow: number;
  readonly perMsHigh: number;
  /** Where slope and level are known apart from each other: what one of them lacks, the other does not know. */
  readonly pivotMs: number;
  readonly level: number;
  readonly levelLow: number;
  readonly levelHigh: number;
  /** By how much a walk at random strays from the line in a ms, squared, at the same odds; 0 for what only scatters. */
  readonly strayPerMs: number;
  readonly lastMs: number;
}

/** Of fewer, Sen's interval at these odds has no ranks to stand on. */
export const LINE_POINTS_MIN = 5;
/** Two-sided 90 %: of ten dates one may lie outside. */
const Z = 1.6449;
/** The slope through a walk at random varies by so much more than the one from its first to its last reading. */
const WALK_VARIANCE = 6 / 5;
/** Of so few steps chance makes any share look given back: of nine readings .78 of the intervals held, not .9. */
const LASTING_STEPS = 12;
const LASTING_MIN = 0.2;
/** Readings that follow each other more closely than this are one reading. */
const MEMORY_MAX = 0.98;
/** What is left of a straight line after rounding, of its values. */
const EXACT = 1e-9;

/**
 * Theil–Sen line. The interval of its slope is Sen's (1968): the slopes whose ranks lie so far from the middle as Kendall's
 * S may by chance. Readings that err in the same direction for a while tell less than as many that do not: S varies by
 * (1 + ρ) / (1 − ρ) more (Yue & Wang 2004), ρ being the correlation of neighbours, rid of what a fitted line takes from it
 * (Kendall 1954: E ρ̂ = ρ − (2 + 4 ρ) / n). The level is the median of what is left, between ranks of the sign test. What
 * accumulates errs as a walk at random with a drift (Hyndman & Athanasopoulos, Forecasting, "drift method").
 */
export function lineThrough(readings: readonly Point[], course: Course): TrendLine | undefined {
  const known = readings.filter((point) => point.every(Number.isFinite)).sort(([a], [b]) => a - b);
  const points = thinForSlope(known);
  const last = known.at(-1);
  const slopes = pairwiseSlopes(points);
  const slope = medianInPlace(slopes);
  if (last === undefined || slope === undefined || points.length < LINE_POINTS_MIN) return undefined;
  const line = { perMs: slope, lastMs: last[0] };
  if (course === 'accumulates') {
    const { strayPerMs, slopeError } = walkOf(points, slope);
    // What accumulates is what was last read: no line knows better.
    const [pivotMs, level] = last;
    const [perMsLow, perMsHigh] = [slope - slopeError, slope + slopeError];
    return { ...line, perMsLow, perMsHigh, pivotMs, level, levelLow: level, levelHigh: level, strayPerMs };
  }
  const pivotMs = median(points.map(([atMs]) => atMs)) ?? 0;
  const levels = points.map(([atMs, value]) => value - slope * (atMs - pivotMs));
  const level = median(levels) ?? 0;
  const size = max(points.map(([, value]) => Math.abs(value))) ?? 0;
  const inflation = inflationOf(
    levels.map((value) => value - level),
    EXACT * size,
  );
  const n = points.length;
  const chance = Z * Math.sqrt((inflation * n * (n - 1) * (2 * n + 5)) / 18);
  const [perMsLow, perMsHigh] = aroundMiddle(slopes, chance);
  const [levelLow, levelHigh] = aroundMiddle(Float64Array.from(levels), Z * Math.sqrt(inflation * n));
  return { ...line, perMsLow, perMsHigh, pivotMs, level, levelLow, levelHigh, strayPerMs: 0 };
}

/** The values whose ranks lie so far from the middle on either side; the outermost where there are none further out. */
function aroundMiddle(values: Float64Array, apart: number): readonly [number, number] {
  const last = values.length - 1;
  const low = Math.max(0, Math.floor((values.length - apart) / 2) - 1);
  const high = Math.min(last, Math.ceil((values.length + apart) / 2));
  return [nthSmallest(values, low), nthSmallest(values, high)];
}

/** By how much more Kendall's S varies than it would of readings that err each by itself, and by more than rounding. */
function inflationOf(left: readonly number[], rounding: number): number {
  const n = left.length;
  if (left.every((value) => Math.abs(value) <= rounding)) return 1;
  const squares = sum(left.map((value) => value ** 2));
  const seen = sum(left.map((value, i) => value * (left[i - 1] ?? 0))) / squares;
  const memory = Math.min(MEMORY_MAX, Math.max(0, (n * seen + 2) / (n - 4)));
  return (1 + memory) / (1 - memory);
}

function walkOf(points: readonly Point[], slope: number) {
  const steps = points.flatMap(([atMs, value], i) => {
    const before = points[i - 1];
    return before === undefined ? [] : [{ ms: atMs - before[0], off: value - before[1] - slope * (atMs - before[0]) }];
  });
  const spanMs = sum(steps.map(({ ms }) => ms));
  const products = (apart: number): number => sum(steps.map(({ off }, i) => off * (steps[i - apart]?.off ?? 0)));
  // A reading that comes late is a short step and a long one: what steps give back is no straying (Newey & West 1987, two steps).
  // The slope is taken from the same steps: one of them is spent.
  const squares = (products(0) * steps.length) / (steps.length - 1);
  const kept = squares + (4 / 3) * products(1) + (2 / 3) * products(2);
  const lasting = steps.length < LASTING_STEPS ? squares : Math.max(LASTING_MIN * squares, kept);
  // Student's t for so many steps (Abramowitz & Stegun 26.7.5, first term).
  const t = Z + (Z ** 3 + Z) / (4 * steps.length);
  const strayPerMs = (t ** 2 * lasting) / spanMs;
  return { strayPerMs, slopeError: Math.sqrt((WALK_VARIANCE * strayPerMs) / spanMs) };
}
