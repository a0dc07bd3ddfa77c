import type { Span } from './facts.js';
import { WEEK_MS } from './iso-week.js';
import type { JobDay, JobSection } from './section.js';

/** Mean health of the judged jobs; missing where none was read. */
export interface HealthPoint {
  readonly atMs: number;
  readonly now?: number;
  readonly before?: number;
}

export interface ReportDay extends JobDay {
  readonly atMs: number;
}

const DAY_MS = 86_400_000;
/** Points of the health curve: moments of a quarter of a day together. */
const CURVE_STEP_MS = 6 * 3_600_000;

export function curveOf(judged: readonly JobSection[], { fromMs, toMs }: Span): readonly HealthPoint[] {
  const mean = (points: readonly { readonly atMs: number; readonly health: number }[], beginMs: number) => {
    const own = points.filter(({ atMs }) => atMs >= beginMs && atMs < beginMs + CURVE_STEP_MS);
    return own.length === 0 ? undefined : own.reduce((total, { health }) => total + health, 0) / own.length;
  };
  const points: HealthPoint[] = [];
  for (let atMs = fromMs; atMs < fromMs + WEEK_MS; atMs += CURVE_STEP_MS) {
    const inTime = atMs < toMs;
    const now = inTime
      ? mean(
          judged.flatMap(({ curve }) => curve),
          atMs,
        )
      : undefined;
    const before = mean(
      judged.flatMap(({ curveBefore }) => curveBefore),
      atMs - WEEK_MS,
    );
    points.push({ atMs, ...(now === undefined ? {} : { now }), ...(before === undefined ? {} : { before }) });
  }
  return points;
}

export function daysOf(sections: readonly JobSection[], fromMs: number): readonly ReportDay[] {
  const length = Math.max(0, ...sections.map(({ days }) => days.length));
  return Array.from({ length }, (_, i) => ({
    atMs: fromMs + i * DAY_MS,
    critical: sections.reduce((total, { days }) => total + (days[i]?.critical ?? 0), 0),
    warning: sections.reduce((total, { days }) => total + (days[i]?.warning ?? 0), 0),
  }));
}
