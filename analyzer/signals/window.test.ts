import { describe, expect, it } from 'vitest';
import type { SubtaskSample } from '../../collector/model/index.js';
import { elapsedMs, growth } from './window.js';

const at = (seconds: number, more: Partial<SubtaskSample> = {}): SubtaskSample => ({
  atMs: seconds * 1000,
  state: 'RUNNING',
  attempt: 0,
  startMs: 0,
  runningSinceMs: 0,
  busyMs: seconds * 500,
  idleMs: seconds * 500,
  backPressuredMs: 0,
  recordsIn: seconds * 10,
  ...more,
});
describe('growth', () => {
  it('adds up the steps', () => {
    expect(growth([at(0), at(10), at(20)], 'recordsIn')).toBe(200);
  });
  it('counts a small step back as none', () => {
    expect(growth([at(0, { busyMs: 100 }), at(10, { busyMs: 97 }), at(20, { busyMs: 150 })], 'busyMs')).toBe(53);
  });
  it('is unknown when one reading lacks the counter', () => {
    const { busyMs: _unknown, ...without } = at(10);
    expect(growth([at(0), without, at(20)], 'busyMs')).toBeUndefined();
  });
  it('is unknown from one reading', () => {
    expect(growth([at(0)], 'busyMs')).toBeUndefined();
  });
});

describe('elapsedMs', () => {
  it('is the task’s own clock, not the wall', () => {
    // Ten seconds of wall time in which the task's times moved by eight.
    expect(elapsedMs([at(10), at(20, { busyMs: 9_000, idleMs: 9_000 })])).toBe(8_000);
  });
  it('is the wall where busy is unknown (legacy sources)', () => {
    const { busyMs: _a, ...first } = at(10);
    const { busyMs: _b, ...last } = at(30);
    expect(elapsedMs([first, last])).toBe(20_000);
  });
  it('is unknown from one reading', () => {
    expect(elapsedMs([at(10)])).toBeUndefined();
  });
});
