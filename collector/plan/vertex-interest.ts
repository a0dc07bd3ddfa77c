import type { VertexReading } from '../model/index.js';

/**
 * What makes a vertex worth its subtasks in every beat. Low on purpose: reading one too many costs a page, missing one
 * costs the verdict its first minute. Calm vertices showed busy ≤ .1 and pressure 0 (CALIBRATION §3, §7).
 */
const BUSY_RATIO = 0.5;
const BACK_PRESSURED_RATIO = 0.1;
/** The busiest subtask does this much more than the mean: skew, long before it saturates. */
const UNEVEN_RATIO = 0.25;
/** A vertex stays of interest this long after the last sign: a verdict that closes needs its readings too. */
export const INTEREST_MS = 90_000;

/** The figures of a vertex that decide. */
export type Interest = Pick<VertexReading, 'busyMaxRatio' | 'busyMeanRatio' | 'backPressuredMaxRatio'>;

export function isOfInterest({ busyMaxRatio = 0, busyMeanRatio = 0, backPressuredMaxRatio = 0 }: Interest): boolean {
  return (
    Math.max(busyMaxRatio, busyMeanRatio) >= BUSY_RATIO ||
    backPressuredMaxRatio >= BACK_PRESSURED_RATIO ||
    busyMaxRatio - busyMeanRatio >= UNEVEN_RATIO
  );
}
