import { line, scaleLinear, scaleUtc } from 'd3';
import { inLanguage, type Language } from '../../analyzer/text.js';
import { dayOf } from '../format.js';
import type { HealthPoint } from '../fleet-curve.js';
import type { WeeklyReport } from '../model.js';
import { WORDS } from '../words.js';
import { framed, px } from './frame.js';
import { CHART_HEIGHT, CHART_WIDTH, INK, MARGIN } from './palette.js';

const DAY_MS = 86_400_000;
const DAYS = 7;

/** Mean health of the judged jobs over the week, and the week before as a dashed line. Gaps stay gaps. */
export function healthChart({ curve, fromMs, toMs }: WeeklyReport, language: Language): string {
  const x = scaleUtc([fromMs, toMs], [MARGIN.left, CHART_WIDTH - MARGIN.right]);
  const y = scaleLinear([0, 100], [CHART_HEIGHT - MARGIN.bottom, MARGIN.top]);
  const stepMs = (curve[1]?.atMs ?? fromMs + 1) - (curve[0]?.atMs ?? fromMs);
  const pathOf = (key: 'now' | 'before'): string =>
    line<HealthPoint>(
      // A point stands for the quarter of a day from it on.
      (point) => px(x(point.atMs + stepMs / 2)),
      (point) => px(y(point[key] ?? 0)),
    ).defined((point) => point[key] !== undefined)(curve) ?? '';
  const dots = curve.flatMap((point, i) =>
    point.now === undefined || curve[i - 1]?.now !== undefined || curve[i + 1]?.now !== undefined
      ? []
      : [`<circle cx="${px(x(point.atMs + stepMs / 2))}" cy="${px(y(point.now))}" r="3" fill="${INK.now}"/>`],
  );
  const hasBefore = curve.some(({ before }) => before !== undefined);
  return framed({
    xTicks: Array.from({ length: DAYS }, (_, day) => ({
      at: px(x(fromMs + (day + 0.5) * DAY_MS)),
      label: dayOf(fromMs + day * DAY_MS, language, 'axis'),
    })),
    yTicks: [0, 50, 100].map((value) => ({ at: px(y(value)), label: String(value) })),
    legend: [
      { label: inLanguage(WORDS.thisWeek, language), colour: INK.now },
      ...(hasBefore ? [{ label: inLanguage(WORDS.healthBefore, language), colour: INK.before, dashed: true }] : []),
    ],
    marks:
      `<g fill="none" stroke-width="2.5" stroke-linejoin="round">` +
      `<path d="${pathOf('before')}" stroke="${INK.before}" stroke-width="2" stroke-dasharray="5 4"/>` +
      `<path d="${pathOf('now')}" stroke="${INK.now}"/></g>${dots.join('')}`,
  });
}
