import { describe, expect, it } from 'vitest';
import type { TaskManagerSample, VertexHistory } from '../../collector/model/index.js';
import { oncePerWindow } from './per-process-window.js';
import { oncePerReading } from './per-reading.js';

const vertex = (more: Partial<VertexHistory> = {}): VertexHistory => ({
  vertexId: 'v',
  name: 'v',
  parallelism: 2,
  tasks: {},
  minutes: [],
  subtasks: [],
  ...more,
});

describe('once per reading', () => {
  const counted = () => {
    let times = 0;
    const derive = oncePerReading((_vertex, by: number) => {
      times += 1;
      return by === 0 ? undefined : times;
    });
    return { derive, times: () => times };
  };
  const first = vertex();
  const cases: readonly (readonly [string, readonly (readonly [VertexHistory, number])[], number])[] = [
    [
      'while nothing was read',
      [
        [first, 1],
        [{ ...first }, 1],
      ],
      1,
    ],
    [
      'what came out as undefined too',
      [
        [first, 0],
        [first, 0],
      ],
      1,
    ],
    [
      'again for a new reading',
      [
        [first, 1],
        [vertex(), 1],
      ],
      2,
    ],
    [
      'again for another parallelism',
      [
        [first, 1],
        [{ ...first, parallelism: 3 }, 1],
      ],
      2,
    ],
    [
      'again for another max parallelism',
      [
        [first, 1],
        [{ ...first, maxParallelism: 3 }, 1],
      ],
      2,
    ],
    [
      'again by another argument',
      [
        [first, 1],
        [first, 2],
      ],
      2,
    ],
  ];
  it.each(cases)('%s', (_claim, calls, expected) => {
    const { derive, times } = counted();
    for (const [of, by] of calls) derive(of, by);
    expect(times()).toBe(expected);
  });
});

describe('once per window of a TaskManager', () => {
  const samples = [10, 20, 30].map((atMs): TaskManagerSample => ({ atMs, collectors: [] }));
  it.each([
    ['all of it', 0, [10, 20, 30]],
    ['the begin included', 20, [20, 30]],
    ['what is later', 21, [30]],
    ['nothing', 31, []],
  ])('looks at %s', (_claim, fromMs, seen) => {
    expect(oncePerWindow((within) => within.map(({ atMs }) => atMs))({ samples }, fromMs)).toEqual(seen);
  });
  it('derives again only where the window begins with another reading, or it was read anew', () => {
    let times = 0;
    const derive = oncePerWindow(() => {
      times += 1;
      return undefined;
    });
    const taskManager = { samples };
    for (const fromMs of [11, 15, 20]) derive(taskManager, fromMs);
    expect(times).toBe(1);
    derive(taskManager, 21);
    derive({ samples }, 15);
    expect(times).toBe(3);
  });
});
