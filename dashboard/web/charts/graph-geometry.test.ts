import { describe, expect, it } from 'vitest';
import { at } from '../lib/at.ts';
import { drawGraph, groupQuiet } from './graph-geometry.ts';
import { lengthOf, pointAt, smooth, zigzag, type Point } from './polyline.ts';

const vertex = (vertexId: string, mark: 'working' | 'cause' | 'pressured' = 'working') => ({ vertexId, mark });
const edge = (fromVertexId: string, toVertexId: string, pressureRatio?: number) => ({
  fromVertexId,
  toVertexId,
  shipStrategy: 'HASH',
  ...(pressureRatio === undefined ? {} : { pressureRatio }),
});
const chain = [vertex('a'), vertex('b'), vertex('c', 'cause')];
const links = [edge('a', 'b'), edge('b', 'c', 0.9)];

describe('the graph', () => {
  it('runs left to right in a wide panel and down in a narrow one', () => {
    const wide = drawGraph(chain, links, 1200, 40).boxes;
    expect(at(wide, 1).x).toBeGreaterThan(at(wide, 0).x + at(wide, 0).width);
    const narrow = drawGraph(chain, links, 360, 40);
    expect(narrow.isTopDown).toBe(true);
    expect(narrow.width).toBeLessThanOrEqual(360);
    expect(at(narrow.boxes, 1).y).toBeGreaterThan(at(narrow.boxes, 0).y);
  });
  it('draws pressure as teeth, and no pressure as a plain line', () => {
    const { edges } = drawGraph(chain, links, 1200, 40);
    const [calm, pressed] = [at(edges, 0), at(edges, 1)];
    const corners = (path: string) => path.split('L').length;
    expect(corners(pressed.path)).toBeGreaterThan(corners(calm.path) + 8);
    expect(pressed.strokeWidth).toBeGreaterThan(calm.strokeWidth);
  });
  it('never makes boxes overlap', () => {
    const many = Array.from({ length: 12 }, (_, i) => vertex(`v${i}`));
    const fan = many.slice(1).map((it) => edge('v0', it.vertexId));
    const { boxes } = drawGraph(many, fan, 900, 40);
    for (const a of boxes) {
      for (const b of boxes) {
        if (a === b) continue;
        expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(
          true,
        );
      }
    }
  });
  it('survives an edge to a vertex it does not know, and two hundred vertices', () => {
    expect(drawGraph(chain, [...links, edge('c', 'gone')], 900, 40).edges).toHaveLength(2);
    const many = Array.from({ length: 200 }, (_, i) => vertex(`v${i}`, i === 100 ? 'cause' : 'working'));
    const line = many.slice(1).map((it, i) => edge(`v${i}`, it.vertexId));
    expect(drawGraph(many, line, 900, 24).boxes).toHaveLength(3);
  });
});

it('groups quiet neighbours only, and only in a big graph', () => {
  expect(groupQuiet(chain, links, 3).size).toBe(3);
  const groups = groupQuiet(chain, links, 2);
  expect([...groups.values()]).toEqual([['a', 'b'], ['c']]);
});

describe('lines', () => {
  const bent: Point[] = [
    [0, 0],
    [50, 0],
    [50, 50],
  ];
  it('keep both ends when smoothed', () => {
    const line = smooth(bent);
    expect(line[0]).toEqual([0, 0]);
    expect(line.at(-1)).toEqual([50, 50]);
    expect(lengthOf(line)).toBeLessThan(100);
  });
  it('are walked by length', () => {
    expect(pointAt(bent, 75)).toEqual({ point: [50, 25], direction: [0, 1] });
  });
  it('zigzag around the line, with straight ends', () => {
    const drawn = zigzag(
      [
        [0, 10],
        [100, 10],
      ],
      4,
      10,
    );
    expect(drawn.startsWith('M0,10L8,10')).toBe(true);
    expect(drawn.endsWith('L92,10L100,10')).toBe(true);
    expect(drawn).toContain(',6');
    expect(drawn).toContain(',14');
  });
});
