import { scaleTime } from 'd3';
import type { JobEvent } from '../../contract.ts';
import { placeMarks, type EventMark } from './event-marks.ts';

export interface TimelinePicture {
  fromMs: number;
  toMs: number;
  marks: EventMark[];
  ticks: { x: number; atMs: number }[];
}

const RANGE_MIN_MS = 30 * 60_000;

export function drawTimeline(events: readonly JobEvent[], nowMs: number, width: number): TimelinePicture {
  const sorted = [...events].sort((a, b) => a.atMs - b.atMs);
  const first = sorted[0]?.atMs ?? nowMs;
  const spanMs = Math.max(RANGE_MIN_MS, (nowMs - first) * 1.04);
  const x = scaleTime([nowMs - spanMs, nowMs], [8, Math.max(9, width - 8)]);
  return {
    fromMs: nowMs - spanMs,
    toMs: nowMs,
    marks: placeMarks(sorted, x),
    ticks: x.ticks(Math.max(2, Math.floor(width / 140))).map((at) => ({ x: x(at), atMs: at.getTime() })),
  };
}
