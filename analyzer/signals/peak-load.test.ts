import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { vary } from '../testing/claims.js';
import { must } from '../testing/must.js';
import { HEALTHY } from '../testing/scenarios.js';
import { peakLoadOf, type PeakLoad } from './peak-load.js';

const peak = (spec: JobSpec): PeakLoad | undefined => {
  const history = historyOf(spec);
  return peakLoadOf(history, nowOf(history)).get('agg');
};
const busy = (at: (seconds: number) => number, samples = 30): JobSpec => ({
  ...vary(HEALTHY, { vertices: { agg: { busy: at } } }),
  samples,
});

/** The first minute begins with the first settled reading, 20 s after the tasks run. */
describe('peakLoadOf', () => {
  it('finds the busiest minute where a mean would hide it', () => {
    expect(must(peak(busy((s) => (s > 140 && s <= 200 ? 0.8 : 0.1)))).busyMax).toBeCloseTo(0.8, 1);
  });

  it('tells for how long it has been this busy: the calmest of the last three minutes', () => {
    expect(must(peak(busy((s) => (s > 200 ? 0.9 : s > 140 ? 0.5 : 0.95)))).recentBusyMin).toBeCloseTo(0.5, 1);
  });

  it('looks no further than three minutes for that', () => {
    expect(must(peak(busy((s) => (s <= 80 ? 0.1 : 0.9)))).recentBusyMin).toBeCloseTo(0.9, 1);
  });

  it('does not tell that before three minutes passed', () => {
    expect(must(peak(busy(() => 0.9, 13))).recentBusyMin).toBeUndefined();
  });

  it('looks back 45 minutes at most', () => {
    expect(must(peak(busy((s) => (s < 600 ? 0.9 : 0.1), 400)))).toMatchObject({ windowMs: 45 * 60_000 });
    expect(must(peak(busy((s) => (s < 600 ? 0.9 : 0.1), 400))).busyMax).toBeCloseTo(0.1, 2);
  });

  it('is unknown before a minute has settled readings', () => {
    expect(peak(busy(() => 0.5, 3))).toBeUndefined();
  });

  it('takes readings a minute apart, as those of a wide vertex are, for what they span', () => {
    const dense = busy((s) => (s < 150 ? 0.9 : 0.1), 60);
    const sparse = vary(dense, { vertices: { agg: { readEvery: 6 } } });
    const { busyMax, windowMs, recentBusyMin } = must(peak(sparse));
    expect(busyMax).toBeCloseTo(must(peak(dense)).busyMax, 1);
    expect(windowMs).toBeGreaterThanOrEqual(must(peak(dense)).windowMs - 120_000);
    expect(recentBusyMin).toBeCloseTo(0.1, 1);
  });

  it('is not that of earlier looks once another minute has passed, or less is kept', () => {
    const history = historyOf(busy((s) => (s > 200 ? 0.9 : 0.1), 60));
    const of = (from: number, to: number): PeakLoad | undefined => {
      const vertices = history.vertices.map((vertex) => ({ ...vertex, minutes: vertex.minutes.slice(from, to) }));
      return peakLoadOf({ ...history, vertices }, nowOf(history)).get('agg');
    };
    const all = must(of(0, Infinity));
    expect(of(0, Infinity)).toBe(all);
    expect(must(of(1, Infinity)).windowMs).toBe(all.windowMs - 60_000);
    expect(must(of(0, -1)).windowMs).toBe(all.windowMs - 60_000);
    expect(of(0, Infinity)).toEqual(all);
  });

  it('ends at a gap in the readings', () => {
    const history = historyOf(busy((s) => (s < 80 ? 0.9 : 0.1)));
    const gap = {
      ...history,
      vertices: history.vertices.map((vertex) => ({
        ...vertex,
        minutes: vertex.minutes.filter((_, i) => i !== 1 && i !== 2),
      })),
    };
    expect(must(peakLoadOf(history, nowOf(history)).get('agg'))).toMatchObject({ windowMs: 240_000 });
    expect(must(peakLoadOf(gap, nowOf(history)).get('agg'))).toMatchObject({ windowMs: 60_000 });
  });

  it('bridges one minute in which a wide vertex was not read', () => {
    const history = historyOf(busy(() => 0.1));
    const missed = {
      ...history,
      vertices: history.vertices.map((vertex) => ({ ...vertex, minutes: vertex.minutes.filter((_, i) => i !== 1) })),
    };
    expect(must(peakLoadOf(missed, nowOf(history)).get('agg'))).toMatchObject({ windowMs: 240_000 });
  });

  it('is unknown when the last minute is long past', () => {
    const history = historyOf(busy(() => 0.1));
    expect(peakLoadOf(history, nowOf(history) + 300_000).get('agg')).toBeUndefined();
  });
});
