import { max, scaleLinear } from 'd3';
import type { CheckpointRow, CheckpointsResponse } from '../../contract.ts';

export const PHASES = ['startDelay', 'alignment', 'sync', 'async', 'rest'] as const;
export type Phase = (typeof PHASES)[number];

export interface CheckpointBar {
  row: CheckpointRow;
  x: number;
  width: number;
  top: number;
  parts: { phase: Phase; y: number; height: number }[];
}

export interface CheckpointPicture {
  bars: CheckpointBar[];
  /** Where a moment lies: between the checkpoints triggered before and after it; undefined outside of them. */
  x: (atMs: number) => number | undefined;
  yTicks: { y: number; ms: number }[];
  lines: { kind: 'interval' | 'timeout'; y: number; ms: number }[];
  /** Lines that would squeeze the bars flat are only told. */
  above: ('interval' | 'timeout')[];
}

const SHOWN_MAX = 50;
/** A line is drawn when it lies at most this many times above the tallest bar. */
const LINE_REACH = 2.5;
const TICK_STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5, 36e5,
];

export function phasesOf(row: CheckpointRow): { phase: Phase; ms: number }[] {
  const { slowest } = row;
  if (slowest === undefined) return [{ phase: 'rest', ms: row.durationMs }];
  const known = [
    { phase: 'startDelay', ms: slowest.startDelayMs },
    { phase: 'alignment', ms: slowest.alignmentMs },
    { phase: 'sync', ms: slowest.syncMs },
    { phase: 'async', ms: slowest.asyncMs },
  ] as const;
  const rest = row.durationMs - known.reduce((sum, { ms }) => sum + ms, 0);
  return [...known, { phase: 'rest' as const, ms: Math.max(0, rest) }].filter(({ ms }) => ms > 0);
}

export function drawCheckpoints(data: CheckpointsResponse, width: number, height: number): CheckpointPicture {
  const rows = [...data.checkpoints].sort((a, b) => a.triggerMs - b.triggerMs).slice(-SHOWN_MAX);
  const tallest = max(rows, (row) => row.durationMs) ?? 0;
  const wanted = (['interval', 'timeout'] as const).flatMap((kind) => {
    const ms = kind === 'interval' ? data.intervalMs : data.timeoutMs;
    return ms === undefined ? [] : [{ kind, ms }];
  });
  const drawn = wanted.filter(({ ms }) => ms <= tallest * LINE_REACH);
  const top = Math.max(tallest, ...drawn.map(({ ms }) => ms), 1) * 1.08;
  const y = scaleLinear([0, top], [height, 0]);
  const step = width / Math.max(rows.length, 24);
  const bars = rows.map((row, index): CheckpointBar => {
    let at = 0;
    const parts = phasesOf(row).map(({ phase, ms }) => {
      const from = y(at);
      at += ms;
      return { phase, y: y(at), height: Math.max(0.5, from - y(at)) };
    });
    return { row, x: index * step + step * 0.12, width: step * 0.76, top: y(row.durationMs), parts };
  });
  return {
    bars,
    x: (atMs) => {
      const after = rows.findIndex((row) => row.triggerMs > atMs);
      return after <= 0 ? undefined : after * step;
    },
    yTicks: ticks(top, 4).map((ms) => ({ ms, y: y(ms) })),
    lines: drawn.map(({ kind, ms }) => ({ kind, ms, y: y(ms) })),
    above: wanted.filter((line) => !drawn.includes(line)).map(({ kind }) => kind),
  };
}

/** Ticks people count in: seconds and minutes, not 16.67 minutes. */
function ticks(top: number, count: number): number[] {
  const step = TICK_STEPS_MS.find((it) => top / it <= count) ?? top;
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
}
