import { describe, expect, it } from 'vitest';
import type { SubtaskSample } from '../../collector/model/index.js';
import { elapsedMs, growth, settledSamples } from './window.js';

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
const seconds = (samples: readonly SubtaskSample[]): number[] => samples.map(({ atMs }) => atMs / 1000);
const settled = (samples: readonly SubtaskSample[], nowSeconds = 100, windowSeconds = 60): number[] =>
  seconds(settledSamples({ subtask: 0, samples }, nowSeconds * 1000, windowSeconds * 1000, 20_000));

describe('settledSamples', () => {
  const table: readonly (readonly [string, readonly SubtaskSample[], readonly number[]])[] = [
    ['takes the window, both ends included', [at(39), at(40), at(70), at(100), at(101)], [40, 70, 100]],
    [
      'leaves the first 20 s after RUNNING alone',
      [at(79, { runningSinceMs: 60_000 }), at(80, { runningSinceMs: 60_000 })],
      [80],
    ],
    [
      'goes by the start where RUNNING is not told',
      [at(50, { startMs: 40_000 }), at(70, { startMs: 40_000 })].map(({ runningSinceMs: _r, ...s }) => s),
      [70],
    ],
    ['takes the newest attempt only', [at(60), at(70), at(80, { attempt: 1 }), at(90, { attempt: 1 })], [80, 90]],
    ['takes one from before the window where it holds fewer than three', [at(10), at(30), at(95)], [30, 95]],
    ['but none that is older than a minute and a quarter before it', [at(-40), at(95)], [95]],
    ['and none where it holds three', [at(30), at(80), at(90), at(100)], [80, 90, 100]],
    [
      'takes nothing from a newest attempt that does not run yet',
      [at(80), at(90, { attempt: 1, state: 'DEPLOYING' })],
      [],
    ],
    [
      'drops a reading that repeats the times of the last one',
      [at(60), at(70, { busyMs: 30_000, idleMs: 30_000 }), at(80)],
      [60, 80],
    ],
    [
      'drops it although counts of another endpoint moved',
      [at(60), at(70, { busyMs: 30_000, idleMs: 30_000, recordsIn: 999 })],
      [60],
    ],
    [
      'goes by counts where no times are told',
      [60, 70, 80].map((s) => ({ atMs: s * 1000, state: 'RUNNING', attempt: 0, recordsIn: s === 80 ? 2 : 1 }) as const),
      [60, 80],
    ],
  ];
  it.each(table)('%s', (_claim, samples, kept) => {
    expect(settled(samples)).toEqual(kept);
  });
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
