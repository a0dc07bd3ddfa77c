import { bisector, max, scaleLinear, scaleThreshold, scaleTime } from 'd3';
import type { SeriesPoint, SeriesResponse } from '../../contract.ts';

export interface HeatLine {
  subtask: number;
  points: readonly SeriesPoint[];
  mean: number | undefined;
  max: number | undefined;
}

export interface HeatPicture {
  height: number;
  rowHeight: number;
  rows: { subtask: number; y: number }[];
  /** One path for each step of the scale: some hundred cells cost one element. */
  steps: string[];
  /** Where nothing is known, and the hatch drawn over it. */
  gaps: string;
  hatch: string;
  ticks: { x: number; atMs: number }[];
  columns: { atMs: number; x: number; width: number }[];
  /** Where a moment of the range lies. */
  x: (atMs: number) => number;
  /** Upper ends of the steps, in the metric's unit. */
  limits: number[];
}

export const HEAT_STEPS = 5;
/** Rows are buttons too: 24 px is the least a finger is owed (WCAG 2.5.8). */
const ROW_HEIGHT_PX = 24;
/** Near its limit begins at 80 % busy; the last step of a share starts there. */
const RATIO_LIMITS = [0.2, 0.4, 0.6, 0.8];

export function heatLines(series: SeriesResponse): HeatLine[] {
  return series.lines
    .flatMap(({ subtask, points }) => (subtask === undefined ? [] : [{ subtask, points, ...summary(points) }]))
    .sort((a, b) => a.subtask - b.subtask);
}

/** Of very many subtasks the hottest, plus the one followed; the rest on request. */
export function chooseLines(lines: readonly HeatLine[], most: number, followed: number | undefined): HeatLine[] {
  if (lines.length <= most) return [...lines];
  const hottest = [...lines].sort((a, b) => (b.mean ?? -1) - (a.mean ?? -1)).slice(0, most);
  const wanted = lines.find((line) => line.subtask === followed);
  const chosen = wanted === undefined || hottest.includes(wanted) ? hottest : [...hottest.slice(0, -1), wanted];
  return chosen.sort((a, b) => a.subtask - b.subtask);
}

export function drawHeat(
  lines: readonly HeatLine[],
  range: { fromMs: number; toMs: number },
  unit: string,
  width: number,
): HeatPicture {
  const rowHeight = ROW_HEIGHT_PX;
  const x = scaleTime([range.fromMs, range.toMs], [0, width]);
  const top = max(lines, (line) => line.max) ?? 0;
  const limits =
    unit === 'ratio'
      ? RATIO_LIMITS
      : scaleLinear([0, top || 1], [0, 1])
          .ticks(HEAT_STEPS)
          .slice(1, HEAT_STEPS);
  const step = scaleThreshold(
    limits,
    Array.from({ length: HEAT_STEPS }, (_, index) => index),
  );
  const columns = columnsOf(lines, range, x);
  const steps = Array.from({ length: HEAT_STEPS }, () => '');
  let gaps = '';
  let hatch = '';
  lines.forEach((line, row) => {
    const byTime = new Map(line.points);
    columns.forEach((column) => {
      const value = byTime.get(column.atMs);
      const y = row * rowHeight;
      const cell = `M${r(column.x)},${y + 1}h${r(column.width)}v${rowHeight - 2}h${r(-column.width)}z`;
      if (value === null || value === undefined) {
        gaps += cell;
        hatch += hatchOf(column.x, y + 1, column.width, rowHeight - 2);
      } else {
        const index = step(value);
        steps[index] = (steps[index] ?? '') + cell;
      }
    });
  });
  return {
    height: lines.length * rowHeight,
    rowHeight,
    rows: lines.map(({ subtask }, row) => ({ subtask, y: row * rowHeight })),
    steps,
    gaps,
    hatch,
    ticks: x.ticks(Math.max(2, Math.floor(width / 120))).map((at) => ({ x: x(at), atMs: at.getTime() })),
    columns,
    x: (atMs) => x(atMs),
    limits,
  };
}

/** The column under a pointer. */
export function columnAt(columns: HeatPicture['columns'], x: number): number {
  const at = bisector((column: HeatPicture['columns'][number]) => column.x).right(columns, x) - 1;
  return Math.max(0, Math.min(columns.length - 1, at));
}

function columnsOf(lines: readonly HeatLine[], range: { fromMs: number; toMs: number }, x: (ms: number) => number) {
  const times = [...new Set(lines.flatMap((line) => line.points.map(([atMs]) => atMs)))].sort((a, b) => a - b);
  const usual =
    times.length > 1 ? ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1) : range.toMs - range.fromMs;
  const end = x(range.toMs);
  return times.map((atMs, index) => {
    const from = Math.max(0, x(atMs));
    const to = Math.min(end, x(times[index + 1] ?? atMs + usual));
    return { atMs, x: from, width: Math.max(0.5, to - from) };
  });
}

function hatchOf(x: number, y: number, width: number, height: number): string {
  const wide = Math.min(width, height);
  return `M${r(x)},${r(y + height)}l${r(wide)},${r(-height)}`;
}

function summary(points: readonly SeriesPoint[]): { mean: number | undefined; max: number | undefined } {
  const known = points.flatMap(([, value]) => value ?? []);
  if (known.length === 0) return { mean: undefined, max: undefined };
  return { mean: known.reduce((sum, value) => sum + value, 0) / known.length, max: Math.max(...known) };
}

const r = (value: number) => Math.round(value * 100) / 100;
