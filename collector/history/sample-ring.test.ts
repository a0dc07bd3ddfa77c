import { describe, expect, it } from 'vitest';
import type { SubtaskSample } from '../model/index.js';
import { isNews, SampleRing } from './sample-ring.js';

const sample = (atMs: number, more: Partial<SubtaskSample> = {}): SubtaskSample => ({
  atMs,
  state: 'RUNNING',
  attempt: 0,
  busyMs: atMs,
  ...more,
});

describe('SampleRing', () => {
  it('gives back what went in, with missing figures missing', () => {
    const ring = new SampleRing(100);
    const samples = [
      sample(1, { taskManagerId: 'tm', startMs: 1 }),
      sample(2, { taskManagerId: 'tm', startMs: 1, pendingRecords: 0 }),
      sample(3, { attempt: 1, state: 'DEPLOYING' }),
    ];
    for (const one of samples) ring.append(one);
    expect(ring.samples()).toEqual(samples);
    expect(ring.samples()[0]).not.toHaveProperty('pendingRecords');
  });

  it('never holds more than its limit, and drops the oldest', () => {
    const ring = new SampleRing(10);
    for (let atMs = 1; atMs <= 1_000; atMs += 1) ring.append(sample(atMs));
    expect(ring.length).toBe(10);
    expect(ring.samples().map((one) => one.busyMs)).toEqual([991, 992, 993, 994, 995, 996, 997, 998, 999, 1_000]);
    expect(ring.last?.atMs).toBe(1_000);
  });

  it('gives the right samples however often it is asked between changes', () => {
    const ring = new SampleRing(5);
    const all: SubtaskSample[] = [];
    for (let atMs = 1; atMs <= 40; atMs += 1) {
      const one = sample(atMs, atMs % 3 === 0 ? { pendingRecords: atMs } : {});
      ring.append(one);
      all.push(one);
      if (atMs % 4 === 0) ring.dropBefore(atMs - 2);
      if (atMs % 2 === 0) expect(ring.samples()).toEqual(all.slice(-ring.length));
      expect(ring.samples()).toEqual(all.slice(-ring.length));
    }
    expect(ring.samples()).toBe(ring.samples());
  });

  it('drops what is older than a time', () => {
    const ring = new SampleRing(10);
    for (let atMs = 1; atMs <= 15; atMs += 1) ring.append(sample(atMs));
    ring.dropBefore(14);
    expect(ring.samples().map((one) => one.atMs)).toEqual([14, 15]);
    ring.dropBefore(99);
    expect(ring.samples()).toEqual([]);
    ring.append(sample(100));
    expect(ring.samples()).toEqual([sample(100)]);
  });

  it('has no trace of an older figure where a new sample has none', () => {
    const ring = new SampleRing(3);
    for (let atMs = 1; atMs <= 3; atMs += 1) ring.append(sample(atMs, { watermarkMs: 7 }));
    for (let atMs = 4; atMs <= 6; atMs += 1) ring.append(sample(atMs));
    for (const one of ring.samples()) expect(one).not.toHaveProperty('watermarkMs');
  });

  it('keeps the first time a phase was said to run since, because later ones jitter', () => {
    const ring = new SampleRing(5);
    ring.append(sample(1, { runningSinceMs: 500 }));
    ring.append(sample(2, { runningSinceMs: 503 }));
    expect(ring.samples().map((one) => one.runningSinceMs)).toEqual([500, 500]);
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
