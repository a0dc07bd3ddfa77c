import { max, min, present } from '../numbers.js';
import { defined } from './load.js';
import type { TrendLine } from './trend-line.js';

/**
 * When a limit is reached if all goes on as it does, from now on. Each is missing where it is never: `inMs` at the pace of the
 * line, `lowMs` at the best and `highMs` at the worst pace that nine times of ten allow.
 */
export interface Forecast {
  readonly inMs?: number;
  readonly lowMs?: number;
  readonly highMs?: number;
}

export interface Limit {
  readonly value: number;
  /** `below`: it is reached by what grows; `above`: by what falls. */
  readonly from: 'below' | 'above';
}

/**
 * The earliest and the latest moment at which a line whose slope and level are uncertain meets a limit: where the band around
 * it does (Fieller 1954, inverse prediction). The band h ms after the pivot is as wide as level, slope and straying together:
 * √(d² + s h + e² h²).
 */
export function forecastOf(line: TrendLine, limit: Limit, nowMs: number): Forecast {
  const rising = limit.from === 'below' ? line : mirrored(line);
  const { perMs, level, pivotMs, lastMs, strayPerMs } = rising;
  const gap = (limit.from === 'below' ? limit.value : -limit.value) - level;
  if (perMs * (lastMs - pivotMs) >= gap) return { inMs: 0, lowMs: 0, highMs: 0 };
  const fromNow = (afterPivotMs: number): number => Math.max(0, pivotMs + afterPivotMs - nowMs);
  // (gap − perMs h)² = d² + s h + e² h², as a h² − b h + c = 0: its solutions are 2c / root and root / 2a.
  const b = 2 * gap * perMs + strayPerMs;
  const meeting = (d: number, e: number) => {
    const [a, c] = [perMs ** 2 - e ** 2, gap ** 2 - d ** 2];
    return { a, c, root: b + Math.sqrt(Math.max(0, b ** 2 - 4 * a * c)) };
  };
  const early = meeting(rising.levelHigh - level, rising.perMsHigh - perMs);
  const late = meeting(level - rising.levelLow, perMs - rising.perMsLow);
  const inMs = perMs > 0 ? fromNow(gap / perMs) : undefined;
  const lowMs = rising.perMsHigh > 0 ? fromNow(early.c <= 0 ? 0 : (2 * early.c) / early.root) : undefined;
  const highMs = rising.perMsLow > 0 ? fromNow(late.root / (2 * late.a)) : undefined;
  return defined({
    inMs,
    // Rounding must not put the line outside its own band.
    lowMs: lowMs === undefined ? undefined : Math.min(lowMs, inMs ?? lowMs),
    highMs: highMs === undefined ? undefined : Math.max(highMs, inMs ?? highMs),
  });
}

/** From the earliest of several to the latest, open where one of them is; likely is what the first says. */
export function hullOf(forecasts: readonly Forecast[]): Forecast {
  const highs = present(forecasts.map(({ highMs }) => highMs));
  return defined({
    inMs: forecasts[0]?.inMs,
    lowMs: min(present(forecasts.map(({ lowMs }) => lowMs))),
    highMs: highs.length < forecasts.length ? undefined : max(highs),
  });
}

/** The limits of severity lie a factor of 7 (a day, a week) or more apart: an interval of three never spans two of them. */
const SPREAD_MAX = 3;
/** So soon nobody plans any more: how long at most is all there is to know. */
const SOON_MS = 600_000;
/** Nothing is said of what lies further ahead: no job stays the same for so long. */
const FAR_MS = 30 * 86_400_000;

/** A forecast that is narrow enough to be told. */
export interface ToldForecast {
  readonly inMs: number;
  readonly lowMs: number;
  readonly highMs: number;
}

/** Undefined where it may be never, or says too little of when: better no date than a wrong one. */
export function toldForecast(forecast: Forecast | undefined): ToldForecast | undefined {
  const { inMs, lowMs, highMs } = forecast ?? {};
  if (inMs === undefined || lowMs === undefined || highMs === undefined || highMs > FAR_MS) return undefined;
  return isNarrow(lowMs, highMs) || highMs <= SOON_MS ? { inMs, lowMs, highMs } : undefined;
}

/** Whether its beginning is worth a word beside its end. */
export const isNarrow = (lowMs: number, highMs: number): boolean => highMs <= SPREAD_MAX * lowMs;

function mirrored(line: TrendLine): TrendLine {
  return {
    ...line,
    perMs: -line.perMs,
    perMsLow: -line.perMsHigh,
    perMsHigh: -line.perMsLow,
    level: -line.level,
    levelLow: -line.levelHigh,
    levelHigh: -line.levelLow,
  };
}
