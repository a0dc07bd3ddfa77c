import { describe, expect, it } from 'vitest';
import type { SubtaskSample } from '../model/index.js';
import { isNews, VertexFrames } from './vertex-frames.js';

const sample = (atMs: number, more: Partial<SubtaskSample> = {}): SubtaskSample => ({
  atMs,
  state: 'RUNNING',
  attempt: 0,
  busyMs: atMs,
  ...more,
});

/** Frames of one subtask, one for each sample. */
function framesOf(samples: readonly SubtaskSample[], keptMs = 660_000, maxFrames = 360): VertexFrames {
  const frames = new VertexFrames(keptMs, maxFrames);
  for (const one of samples) frames.add(one.atMs, [{ subtask: 0, sample: one }]);
  return frames;
}

const secondsOf = (samples: readonly SubtaskSample[]): number[] => samples.map(({ atMs }) => atMs / 1000);

describe('VertexFrames', () => {
  it('gives back what went in, with missing figures missing', () => {
    const samples = [
      sample(1, { taskManagerId: 'tm', startMs: 1 }),
      sample(2, { taskManagerId: 'tm', startMs: 1, pendingRecords: 0 }),
      sample(3, { attempt: 1, state: 'DEPLOYING' }),
    ];
    const frames = framesOf(samples);
    expect(frames.samples(0)).toEqual(samples);
    expect(frames.samples(0)[0]).not.toHaveProperty('pendingRecords');
    expect(frames.last(0)).toEqual(samples[2]);
  });

  it('keeps subtasks apart, and tells which said something new', () => {
    const frames = new VertexFrames(660_000, 360);
    const first = [0, 1, 2].map((subtask) => ({ subtask, sample: sample(10_000, { busyMs: subtask }) }));
    const news: [number, number, number | undefined][] = [];
    const onNews = (told: { subtask: number; sample: SubtaskSample }, before: { atMs: number } | undefined): void =>
      void news.push([told.subtask, told.sample.atMs, before?.atMs]);
    frames.add(10_000, first, onNews);
    expect(news.splice(0)).toEqual([0, 1, 2].map((subtask) => [subtask, 10_000, undefined]));
    const second = [0, 1, 2].map((subtask) => ({
      subtask,
      sample: sample(20_000, { busyMs: subtask === 1 ? 7 : subtask }),
    }));
    frames.add(20_000, second, onNews);
    expect(news).toEqual([[1, 20_000, 10_000]]);
    expect(frames.samples(0)).toHaveLength(1);
    expect(frames.samples(1).map(({ busyMs }) => busyMs)).toEqual([1, 7]);
    expect(frames.last(2)).toMatchObject({ atMs: 10_000 });
    expect(frames.subtasks).toEqual([0, 1, 2]);
    expect(frames.samples(3)).toEqual([]);
  });

  it('adds up what each subtask told last, of those that are there now', () => {
    const frames = new VertexFrames(660_000, 360);
    const told = (atMs: number, ...pending: number[]) =>
      frames.add(
        atMs,
        pending.map((pendingRecords, subtask) => ({ subtask, sample: sample(10_000, { pendingRecords }) })),
      );
    expect(frames.lastSum('pendingRecords', 3)).toBeUndefined();
    told(10_000, 1, 20, 300);
    told(20_000, 5);
    expect(frames.lastSum('pendingRecords', 3)).toBe(325);
    expect(frames.lastSum('pendingRecords', 2)).toBe(25);
    expect(frames.lastSum('watermarkMs', 3)).toBeUndefined();
  });

  it('keeps no reading in which nothing is new', () => {
    const frames = framesOf([sample(1), { ...sample(2), busyMs: 1 }]);
    expect(frames.length).toBe(1);
  });

  it('holds every reading of the last three minutes, and of those before one a minute', () => {
    const frames = framesOf(Array.from({ length: 100 }, (_, i) => sample(10_000 * (i + 1))));
    const held = secondsOf(frames.samples(0));
    expect(held.filter((second) => second >= 820)).toEqual(Array.from({ length: 19 }, (_, i) => 820 + 10 * i));
    const older = held.filter((second) => second < 820);
    expect(older[0]).toBeLessThanOrEqual(410);
    older.slice(1).forEach((second, i) => {
      expect(second - (older[i] ?? 0)).toBe(60);
    });
  });

  it('holds readings that are a minute apart as they are', () => {
    const frames = framesOf(Array.from({ length: 20 }, (_, i) => sample(60_000 * (i + 1))));
    expect(frames.length).toBe(12);
  });

  it('never holds more than its limits', () => {
    const frames = framesOf(
      Array.from({ length: 1_000 }, (_, i) => sample(i + 1)),
      660_000,
      10,
    );
    expect(frames.length).toBe(10);
    expect(frames.last(0)?.atMs).toBe(1_000);
    frames.dropBefore(2_000);
    expect(frames.samples(0)).toEqual([]);
    expect(frames.last(0)).toBeUndefined();
  });

  it('has no trace of a figure where a sample has none', () => {
    const frames = framesOf([sample(1, { watermarkMs: 7 }), sample(2), sample(3)]);
    expect(frames.samples(0)[1]).not.toHaveProperty('watermarkMs');
  });

  it('keeps the first time a phase was said to run since, because later ones jitter', () => {
    const frames = framesOf([sample(1, { runningSinceMs: 500 }), sample(2, { runningSinceMs: 503 })]);
    expect(frames.samples(0).map((one) => one.runningSinceMs)).toEqual([500, 500]);
  });

  it('makes a sample once while it is held', () => {
    const frames = framesOf([sample(1), sample(2)]);
    const held = frames.samples(0);
    expect(frames.samples(0)[0]).toBe(held[0]);
  });
});

describe('isNews', () => {
  it.each([
    ['the first reading', undefined, sample(1), true],
    ['the same values later', sample(1), { ...sample(2), busyMs: 1 }, false],
    ['another value', sample(1), sample(2), true],
    ['another state', sample(1), { ...sample(1), state: 'FAILED' as const }, true],
    ['another attempt', sample(1), { ...sample(1), attempt: 1 }, true],
    ['another TaskManager', sample(1), { ...sample(1), taskManagerId: 'b' }, true],
    ['placeholders after figures', sample(1), { atMs: 2, state: 'RUNNING' as const, attempt: 0 }, false],
  ])('%s', (_what, before, now, is) => {
    expect(isNews(before, now)).toBe(is);
  });
});
