import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame, SubtaskSample, VertexHistory } from '../../collector/model/index.js';
import { growthOf, VertexWindow, type Counter } from './vertex-window.js';
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
const SETTLE_MS = 20_000;
const vertexOf = (...bySubtask: readonly (readonly SubtaskSample[])[]): VertexHistory => ({
  vertexId: 'v',
  name: 'v',
  parallelism: bySubtask.length,
  tasks: {},
  minutes: [],
  subtasks: bySubtask.map((samples, subtask) => ({ subtask, samples })),
});
const windowOf = (samples: readonly SubtaskSample[], windowSeconds = 60): VertexWindow =>
  new VertexWindow(vertexOf(samples), windowSeconds * 1000, SETTLE_MS);
const settled = (samples: readonly SubtaskSample[]): number[] =>
  windowOf(samples)
    .readings(0)
    .map(({ atMs }) => atMs / 1000);

describe('readings of a subtask that count', () => {
  const table: readonly (readonly [string, readonly SubtaskSample[], readonly number[]])[] = [
    ['takes the window, both ends included', [at(39), at(40), at(70), at(100)], [40, 70, 100]],
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
    ['takes one from before the window where it holds fewer than three', [at(10), at(35), at(100)], [35, 100]],
    ['but none that is older than a minute and a quarter before it', [at(-40), at(100)], [100]],
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

describe('figures of a window', () => {
  it('adds up the steps; a small step back counts as none', () => {
    const window = windowOf([at(30, { busyMs: 100 }), at(40, { busyMs: 97 }), at(50, { busyMs: 150 })]);
    expect([...window.growth('busyMs'), ...window.growth('recordsIn')]).toEqual([53, 200]);
  });
  it('are missing where one reading lacks them, and from one reading', () => {
    const { busyMs: _unknown, ...without } = at(40);
    expect(windowOf([at(30), without, at(50)]).growth('busyMs')[0]).toBeNaN();
    expect(windowOf([at(30)]).growth('busyMs')[0]).toBeNaN();
    expect(windowOf([at(30)]).clockMs()[0]).toBeNaN();
  });
  it('go by the clock of the task, and where it tells none by that of the wall', () => {
    expect(windowOf([at(30), at(40, { busyMs: 19_000, idleMs: 19_000 })]).clockMs()[0]).toBe(8_000);
    const wall = [at(30), at(50)].map(({ busyMs: _legacy, ...sample }) => sample);
    expect(windowOf(wall).clockMs()[0]).toBe(20_000);
  });
  it('take what a source read or wrote, whichever it tells and is more', () => {
    const of = (more: (s: number) => Partial<SubtaskSample>): number =>
      windowOf([30, 40].map((s) => at(s, { recordsIn: 0, ...more(s) }))).recordsHandled()[0] ?? Number.NaN;
    expect([of((s) => ({ recordsOut: 3 * s })), of(() => ({})), of((s) => ({ recordsIn: s, recordsOut: 0 }))]).toEqual([
      30, 0, 10,
    ]);
  });
  it('are enough from three readings on, or from two that lie apart', () => {
    expect(
      [[at(30), at(40), at(50)], [at(30), at(40)], [at(30), at(75)], []].map((samples) =>
        windowOf(samples).isEnough(0),
      ),
    ).toEqual([true, false, true, false]);
  });
  it('leave out subtasks that a rescale took away', () => {
    const vertex = { ...vertexOf([at(30), at(40)], [at(30)]), parallelism: 1 };
    expect(new VertexWindow(vertex, 60_000, SETTLE_MS).width).toBe(1);
  });
});

describe('all subtasks at once', () => {
  const COUNTERS: readonly Counter[] = ['busyMs', 'idleMs', 'backPressuredMs', 'recordsIn', 'recordsOut'];
  /** Two subtasks read every ten seconds; now and then one is not read, repeats itself, restarts or lacks a figure. */
  const oddities = fc.array(
    fc.record({
      missing: fc.constantFrom('', '', '', '', '0', '1', 'busyMs', 'recordsIn'),
      repeats: fc.constantFrom(false, false, false, false, true),
      restarts: fc.constantFrom(false, false, false, false, false, true),
      busy: fc.integer({ min: -3, max: 10_000 }),
    }),
    { minLength: 1, maxLength: 25 },
  );
  const samplesOf = (
    subtask: number,
    rounds: readonly { missing: string; repeats: boolean; restarts: boolean; busy: number }[],
  ) => {
    const samples: SubtaskSample[] = [];
    let [attempt, busyMs, idleMs, records] = [0, 0, 0, 0];
    rounds.forEach(({ missing, repeats, restarts, busy }, i) => {
      if (restarts && subtask === 0) [attempt, busyMs, idleMs, records] = [attempt + 1, 0, 0, 0];
      if (!(repeats && subtask === 1)) [busyMs, idleMs] = [busyMs + busy, idleMs + 10_000 - busy];
      records += 7;
      if (missing === String(subtask)) return;
      const sample = at(10 * i, { attempt, busyMs, idleMs, recordsIn: records, recordsOut: 2 * records });
      samples.push(missing === 'busyMs' || missing === 'recordsIn' ? without(sample, missing) : sample);
    });
    return samples;
  };
  const without = (sample: SubtaskSample, figure: 'busyMs' | 'recordsIn'): SubtaskSample => {
    const { [figure]: _left, ...rest } = sample;
    return rest;
  };
  const sampleAt = (samples: readonly SubtaskSample[], { atMs }: Frame): SubtaskSample =>
    samples.find((sample) => sample.atMs === atMs) as SubtaskSample; // It was read then.

  it('say what the samples of each say', () => {
    fc.assert(
      fc.property(oddities, (rounds) => {
        const bySubtask = [samplesOf(0, rounds), samplesOf(1, rounds)];
        const window = new VertexWindow(vertexOf(...bySubtask), 60_000, 0);
        bySubtask.slice(0, window.width).forEach((samples, subtask) => {
          const counted = window.readings(subtask).map((frame) => sampleAt(samples, frame));
          const attempts = new Set(counted.map(({ attempt }) => attempt));
          expect([...attempts]).toEqual(counted.length === 0 ? [] : [samples.at(-1)?.attempt]);
          for (const counter of COUNTERS)
            expect(window.growth(counter)[subtask]).toBe(growth(counted, counter) ?? Number.NaN);
          expect(window.clockMs()[subtask]).toBe(elapsedMs(counted) ?? Number.NaN);
        });
      }),
    );
  });

  it('and the same as one by one', () => {
    fc.assert(
      fc.property(oddities, (rounds) => {
        const both = new VertexWindow(vertexOf(samplesOf(0, rounds), samplesOf(1, rounds)), 60_000, 0);
        for (let subtask = 0; subtask < both.width; subtask += 1)
          for (const counter of COUNTERS)
            expect(growthOf(both.readings(subtask), counter, subtask)).toBe(both.growth(counter)[subtask]);
      }),
    );
  });
});
