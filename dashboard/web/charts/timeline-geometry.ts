import { scaleTime } from 'd3';
import type { JobEvent } from '../../contract.ts';

export interface TimelineMark {
  x: number;
  /** Events too near to tell apart share one mark. */
  events: JobEvent[];
}

export interface TimelinePicture {
  fromMs: number;
  toMs: number;
  marks: TimelineMark[];
  ticks: { x: number; atMs: number }[];
}

const NEAR_PX = 14;
const RANGE_MIN_MS = 30 * 60_000;

export function drawTimeline(events: readonly JobEvent[], nowMs: number, width: number): TimelinePicture {
  const sorted = [...events].sort((a, b) => a.atMs - b.atMs);
  const first = sorted[0]?.atMs ?? nowMs;
  const spanMs = Math.max(RANGE_MIN_MS, (nowMs - first) * 1.04);
  const x = scaleTime([nowMs - spanMs, nowMs], [8, Math.max(9, width - 8)]);
  const marks: TimelineMark[] = [];
  for (const event of sorted) {
    const at = x(event.atMs);
    const last = marks.at(-1);
    if (last !== undefined && at - last.x < NEAR_PX) last.events.push(event);
    else marks.push({ x: at, events: [event] });
  }
  return {
    fromMs: nowMs - spanMs,
    toMs: nowMs,
    marks,
    ticks: x.ticks(Math.max(2, Math.floor(width / 140))).map((at) => ({ x: x(at), atMs: at.getTime() })),
  };
}

const ORDER = { critical: 3, warning: 2, info: 1 } as const;

/** The event a shared mark is drawn as: the most serious, then the latest. */
export function leading(events: readonly JobEvent[]): JobEvent | undefined {
  const weight = (event: JobEvent) => (event.severity === undefined ? 0 : ORDER[event.severity]);
  return [...events].sort((a, b) => weight(b) - weight(a) || b.atMs - a.atMs)[0];
}
