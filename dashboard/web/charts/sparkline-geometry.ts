import { extent, line, scaleLinear } from 'd3';

export type Trend = 'up' | 'down' | 'flat';

/** A line with its gaps left open, and the last point. Below `topMin` differences are too small to be drawn large. */
export function sparkline(values: readonly (number | null)[], width: number, height: number, topMin = 1) {
  const [low, high] = extent(values, (value) => value ?? undefined);
  if (low === undefined || high === undefined) return { path: '', last: undefined };
  const pad = 2;
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [pad, width - pad]);
  const y = scaleLinear([Math.min(0, low), Math.max(topMin, high)], [height - pad, pad]);
  const draw = line<number | null>()
    .defined((value) => value !== null)
    .x((_, index) => round(x(index)))
    .y((value) => round(y(value ?? 0)));
  const lastIndex = values.findLastIndex((value) => value !== null);
  const lastValue = values[lastIndex];
  const last = typeof lastValue === 'number' ? { x: round(x(lastIndex)), y: round(y(lastValue)) } : undefined;
  return { path: draw(values) ?? '', last };
}

/** Whether the last third stands clearly above or below the first third; `matters` is the least difference worth a word. */
export function trend(values: readonly (number | null)[], matters = 0): Trend | undefined {
  const known = values.filter((value) => value !== null);
  if (known.length < 3) return undefined;
  const third = Math.max(1, Math.floor(known.length / 3));
  const before = mean(known.slice(0, third));
  const after = mean(known.slice(-third));
  const scale = Math.max(Math.abs(before), Math.abs(after));
  if (scale === 0 || Math.abs(after - before) < Math.max(matters, 0.15 * scale)) return 'flat';
  return after > before ? 'up' : 'down';
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value: number) => Math.round(value * 10) / 10;
