import { line, scaleLinear, scaleLog } from 'd3';
import type { IntervalTradeOff } from '../../contract.ts';

export const COSTS = ['stall', 'again', 'both'] as const;
export type Cost = (typeof COSTS)[number];

export interface TradeOffPicture {
  lines: { cost: Cost; path: string }[];
  /** Vertical marks: as it is, and as it is advised; one where they are the same. */
  marks: { what: 'now' | 'best' | 'both'; x: number; ms: number }[];
  xTicks: { x: number; ms: number }[];
  yTicks: { y: number; ratio: number }[];
}

const TICKS_MS = [1_000, 10_000, 60_000, 600_000, 3_600_000];
/** Costs far above what is to be compared would press the rest to the floor. */
const TOP_TIMES = 4;
const TOP_MIN = 0.01;
/** Nearer than this they are one mark. */
const SAME_RATIO = 1.02;

export function drawTradeOff(
  { points, bestMs }: IntervalTradeOff,
  nowMs: number | undefined,
  width: number,
  height: number,
): TradeOffPicture {
  const first = points[0]?.intervalMs ?? 1;
  const last = points.at(-1)?.intervalMs ?? 2;
  const x = scaleLog([first, last], [0, width]);
  const costOf = (cost: Cost, point: (typeof points)[number]): number =>
    (cost === 'again' ? 0 : point.stallRatio) + (cost === 'stall' ? 0 : point.againRatio);
  const least = Math.min(...points.map((point) => costOf('both', point)));
  const top = Math.min(1, Math.max(TOP_MIN, least * TOP_TIMES));
  const y = scaleLinear([0, top], [height, 0]).clamp(true);
  const pathOf = (cost: Cost): string =>
    line<(typeof points)[number]>()
      // What leaves the picture at the top is cut off there, not drawn along its edge.
      .defined((point) => costOf(cost, point) <= top)
      .x((point) => round(x(point.intervalMs)))
      .y((point) => round(y(costOf(cost, point))))(points) ?? '';
  const within = (ms: number): number => round(x(Math.min(last, Math.max(first, ms))));
  const isSame = nowMs !== undefined && Math.max(nowMs / bestMs, bestMs / nowMs) <= SAME_RATIO;
  return {
    lines: COSTS.map((cost) => ({ cost, path: pathOf(cost) })),
    marks: isSame
      ? [{ what: 'both', x: within(bestMs), ms: bestMs }]
      : [
          ...(nowMs === undefined ? [] : [{ what: 'now' as const, x: within(nowMs), ms: nowMs }]),
          { what: 'best', x: within(bestMs), ms: bestMs },
        ],
    xTicks: TICKS_MS.filter((ms) => ms >= first && ms <= last).map((ms) => ({ ms, x: round(x(ms)) })),
    yTicks: y.ticks(4).map((ratio) => ({ ratio, y: round(y(ratio)) })),
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
