import { expect, it } from 'vitest';
import { at } from '../lib/at.ts';
import type { CheckpointRow } from '../../contract.ts';
import { drawCheckpoints, phasesOf } from './checkpoints-geometry.ts';

const row = (id: number, durationMs: number, more: Partial<CheckpointRow> = {}): CheckpointRow => ({
  id,
  status: 'COMPLETED',
  isSavepoint: false,
  triggerMs: id * 1000,
  durationMs,
  stateSizeBytes: 0,
  acknowledgedSubtasks: 8,
  subtasks: 8,
  ...more,
});
const slowest = {
  vertexId: 'v',
  vertexName: 'v',
  subtask: 0,
  startDelayMs: 100,
  alignmentMs: 200,
  syncMs: 50,
  asyncMs: 600,
};

it('stacks the phases of the slowest subtask, and the rest on top', () => {
  expect(phasesOf(row(1, 1000, { slowest })).map(({ phase, ms }) => [phase, ms])).toEqual([
    ['startDelay', 100],
    ['alignment', 200],
    ['sync', 50],
    ['async', 600],
    ['rest', 50],
  ]);
  expect(phasesOf(row(1, 900, { slowest })).at(-1)?.phase).toBe('async');
  expect(phasesOf(row(1, 900))).toEqual([{ phase: 'rest', ms: 900 }]);
});

it('shows the last fifty, oldest first, whatever the order they came in', () => {
  const picture = drawCheckpoints({ checkpoints: Array.from({ length: 60 }, (_, i) => row(60 - i, 100)) }, 500, 100);
  expect(picture.bars).toHaveLength(50);
  expect(picture.bars[0]?.row.id).toBe(11);
  expect(at(picture.bars, -1).x + at(picture.bars, -1).width).toBeLessThanOrEqual(500);
});

it('draws the lines that fit and tells of those that do not', () => {
  const picture = drawCheckpoints({ intervalMs: 2000, timeoutMs: 600_000, checkpoints: [row(1, 1500)] }, 500, 100);
  expect(picture.lines.map((line) => line.kind)).toEqual(['interval']);
  expect(picture.above).toEqual(['timeout']);
  expect(at(picture.lines, 0).y).toBeGreaterThan(0);
  expect(picture.yTicks.map((tick) => tick.ms)).toEqual([0, 1000, 2000]);
});
