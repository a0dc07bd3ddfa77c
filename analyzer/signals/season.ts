import type { JobSeasons, VertexSeason } from '../../collector/model/index.js';
import { median } from '../numbers.js';

const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;
export const HOURS_OF_WEEK = 168;
/** 1970-01-05 00:00 UTC, the first Monday. */
const MONDAY_MS = 4 * 24 * HOUR_MS;
/** One week's hour is a chance; two that agree are a habit. */
const WEEKS_MIN = 2;
/** A week of which this much was seen holds its peaks. */
const KNOWN_SHARE_MIN = 0.8;

export interface SeasonPoint {
  readonly atMs: number;
  /** `null`: nothing was read. */
  readonly value: number | null;
}

export function hourOfWeek(atMs: number): number {
  return Math.floor((((atMs - MONDAY_MS) % WEEK_MS) + WEEK_MS) / HOUR_MS) % HOURS_OF_WEEK;
}

/**
 * Brings the five-minute means of some weeks together. `usual`: by hour of the week the median of the weeks' medians, so that one
 * week with an accident does not count. Undefined without a reading.
 */
export function seasonOf(
  vertexId: string,
  points: readonly SeasonPoint[],
  { usual }: { readonly usual: boolean },
): VertexSeason | undefined {
  const byHour = new Map<number, Map<number, number[]>>();
  let [firstMs, lastMs, recordsPerSecondMax] = [Infinity, -Infinity, 0];
  for (const { atMs, value } of points) {
    if (value === null) continue;
    firstMs = Math.min(firstMs, atMs);
    lastMs = Math.max(lastMs, atMs);
    recordsPerSecondMax = Math.max(recordsPerSecondMax, value);
    const [hour, week] = [hourOfWeek(atMs), Math.floor((atMs - MONDAY_MS) / WEEK_MS)];
    const weeks = byHour.get(hour) ?? new Map<number, number[]>();
    byHour.set(hour, weeks.set(week, [...(weeks.get(week) ?? []), value]));
  }
  if (byHour.size === 0) return undefined;
  return {
    vertexId,
    spanMs: lastMs - firstMs,
    knownHours: byHour.size,
    recordsPerSecondMax,
    ...(usual ? { usualPerSecond: usualOf(byHour) } : {}),
  };
}

function usualOf(byHour: ReadonlyMap<number, ReadonlyMap<number, readonly number[]>>): Float32Array {
  const usual = new Float32Array(HOURS_OF_WEEK).fill(Number.NaN);
  for (const [hour, weeks] of byHour) {
    if (weeks.size < WEEKS_MIN) continue;
    usual[hour] = median([...weeks.values()].map((values) => median(values) ?? Number.NaN)) ?? Number.NaN;
  }
  return usual;
}

/** What flows through a source at this hour of the week; undefined: not known. */
export function usualNow(seasons: JobSeasons | undefined, vertexId: string, nowMs: number): number | undefined {
  const usual = seasons?.get(vertexId)?.usualPerSecond?.[hourOfWeek(nowMs)];
  return usual === undefined || Number.isNaN(usual) ? undefined : usual;
}

/** The highest five minutes of the kept weeks, where at least one week was seen nearly whole. */
export function weeklyPeak(
  seasons: JobSeasons | undefined,
  vertexId: string,
): { readonly perSecond: number; readonly spanMs: number } | undefined {
  const season = seasons?.get(vertexId);
  if (season === undefined || season.spanMs < WEEK_MS * KNOWN_SHARE_MIN) return undefined;
  if (season.knownHours < HOURS_OF_WEEK * KNOWN_SHARE_MIN) return undefined;
  return { perSecond: season.recordsPerSecondMax, spanMs: season.spanMs };
}
