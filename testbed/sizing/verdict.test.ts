import { describe, expect, it } from 'vitest';
import type { SizeAdvice } from './advice.decode.js';
import { aboutSize, extraSubtasks, isRightSize, sizeFor } from './verdict.js';

const advice = (over: Partial<SizeAdvice>): SizeAdvice => ({
  state: 'proposed',
  kind: 'config',
  title: '',
  changes: [],
  expected: [],
  cost: { slots: 0, taskManagers: 0 },
  ...over,
});
const resize = (vertexName: string, from: number, to: number): SizeAdvice =>
  advice({ kind: 'parallelism', changes: [{ scope: 'vertex', vertexName, from, to }] });

describe('advice on sizes', () => {
  it('is read for the operator, whatever it is chained with', () => {
    expect(sizeFor('work', [resize('work -> sink: Writer', 2, 6)])).toBe(6);
    expect(sizeFor('work', [resize('src', 2, 6)])).toBeUndefined();
  });

  it('adds the subtasks that all vertices would get, and takes none off for those that would lose some', () => {
    expect(extraSubtasks([resize('work', 2, 6), resize('sink', 4, 1)])).toBe(4);
    expect(extraSubtasks([advice({ kind: 'code' })])).toBe(0);
  });

  it('is what changes parallelism, slots or TaskManagers, by kind, change or cost', () => {
    const others = [
      advice({ kind: 'memory' }),
      advice({ changes: [{ scope: 'job', key: 'taskmanager.numberOfTaskSlots' }] }),
    ];
    expect(aboutSize(others)).toEqual([]);
    const sized = [
      resize('work', 2, 3),
      advice({ kind: 'slots' }),
      advice({ kind: 'memory', cost: { slots: 0, taskManagers: 1 } }),
    ];
    expect(aboutSize(sized)).toEqual(sized);
  });

  it.each([
    [6, 6, true],
    [7, 6, true],
    [5, 6, true],
    [8, 6, false],
    [22, 20, true],
    [23, 20, false],
  ])('%i for %i: %s', (advised, right, isRight) => {
    expect(isRightSize(advised, right)).toBe(isRight);
  });
});
