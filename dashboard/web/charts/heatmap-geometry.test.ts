import { describe, expect, it } from 'vitest';
import type { SeriesPoint, SeriesResponse } from '../../contract.ts';
import { chooseLines, columnAt, drawHeat, heatLines } from './heatmap-geometry.ts';

const series = (lines: SeriesPoint[][]): SeriesResponse => ({
  metric: 'busyRatio',
  unit: 'ratio',
  fromMs: 0,
  toMs: 40_000,
  lines: lines.map((points, subtask) => ({ label: String(subtask), subtask, points })),
});
const cells = (path: string) => path.split('M').length - 1;

describe('the heat map', () => {
  const lines = heatLines(
    series([
      [
        [0, 0.1],
        [10_000, 0.9],
        [20_000, null],
      ],
      [
        [0, 0.1],
        [10_000, 0.1],
        [20_000, 1],
      ],
    ]),
  );
  const picture = drawHeat(lines, { fromMs: 0, toMs: 40_000 }, 'ratio', 400);

  it('puts each cell in its step and a gap in none', () => {
    expect(picture.steps.map(cells)).toEqual([3, 0, 0, 0, 2]);
    expect(cells(picture.gaps)).toBe(1);
    expect(cells(picture.hatch)).toBe(1);
  });
  it('keeps the scale of shares fixed, and shows missing means as missing', () => {
    expect(picture.limits).toEqual([0.2, 0.4, 0.6, 0.8]);
    expect(heatLines(series([[[0, null]]]))[0]).toMatchObject({ mean: undefined, max: undefined });
  });
  it('finds the column under a pointer', () => {
    expect(picture.columns.map((column) => column.x)).toEqual([0, 100, 200]);
    expect([columnAt(picture.columns, -5), columnAt(picture.columns, 150), columnAt(picture.columns, 999)]).toEqual([
      0, 1, 2,
    ]);
  });
  it('draws nothing of nothing', () => {
    expect(drawHeat([], { fromMs: 0, toMs: 1 }, 'ratio', 100)).toMatchObject({ height: 0, gaps: '' });
  });
});

it('of many subtasks shows the hottest and the one followed, in their order', () => {
  const many = heatLines(series(Array.from({ length: 50 }, (_, i): SeriesPoint[] => [[0, i / 50]])));
  expect(chooseLines(many, 3, 2).map((line) => line.subtask)).toEqual([2, 48, 49]);
  expect(chooseLines(many, 3, undefined).map((line) => line.subtask)).toEqual([47, 48, 49]);
  expect(chooseLines(many, 50, undefined)).toHaveLength(50);
});
