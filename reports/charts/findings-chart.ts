import { max, scaleBand, scaleLinear } from 'd3';
import { inLanguage, text, type Language } from '../../analyzer/text.js';
import { dayOf } from '../format.js';
import type { WeeklyReport } from '../model.js';
import { framed, px } from './frame.js';
import { CHART_HEIGHT, CHART_WIDTH, INK, MARGIN } from './palette.js';

const DAY_MS = 86_400_000;
const DAYS = 7;
const BAR_PX_MAX = 44;
const TICKS = 3;

/** Findings by day, the critical ones at the foot of each bar. */
export function findingsChart({ days, fromMs }: WeeklyReport, language: Language): string {
  const bottom = CHART_HEIGHT - MARGIN.bottom;
  const dates = Array.from({ length: DAYS }, (_, day) => fromMs + day * DAY_MS);
  const x = scaleBand(dates, [MARGIN.left, CHART_WIDTH - MARGIN.right]).padding(0.35);
  const most = Math.max(1, max(days, ({ critical, warning }) => critical + warning) ?? 1);
  const y = scaleLinear([0, most], [bottom, MARGIN.top]).nice(TICKS);
  const width = Math.min(BAR_PX_MAX, x.bandwidth());
  const bars = days.flatMap(({ atMs, critical, warning }) => {
    const left = px((x(atMs) ?? 0) + (x.bandwidth() - width) / 2);
    const bar = (from: number, to: number, colour: string): string =>
      to <= from
        ? ''
        : `<rect x="${left}" width="${px(width)}" y="${px(y(to))}" height="${px(y(from) - y(to))}" fill="${colour}"/>`;
    return bar(0, critical, INK.critical) + bar(critical, critical + warning, INK.warning);
  });
  return framed({
    xTicks: dates.map((atMs) => ({ at: px((x(atMs) ?? 0) + x.bandwidth() / 2), label: dayOf(atMs, language, 'axis') })),
    yTicks: y
      .ticks(TICKS)
      .filter(Number.isInteger)
      .map((value) => ({ at: px(y(value)), label: String(value) })),
    legend: [
      { label: inLanguage(text('Critical', '严重'), language), colour: INK.critical },
      { label: inLanguage(text('Warning', '警告'), language), colour: INK.warning },
    ],
    marks: bars.join(''),
  });
}
