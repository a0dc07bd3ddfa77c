import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { must } from '../testing/must.js';
import { forecastOf, hullOf, toldForecast, type Forecast } from './forecast.js';
import { lineThrough, type Course } from './trend-line.js';

type Point = readonly [number, number];
const STEP_MS = 10_000;

/** A repeatable stream of numbers between 0 and 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const NOISES = {
  even: (random: () => number) => () => normal(random),
  'with outliers': (random: () => number) => () => normal(random) * (random() < 0.1 ? 10 : 1),
  'lopsided': (random: () => number) => () => -Math.log(1 - random()),
  'with a memory of .5': (random: () => number) => remembering(random, 0.5),
  'with a memory of .8': (random: () => number) => remembering(random, 0.8),
}; // prettier-ignore

function remembering(random: () => number, share: number): () => number {
  let before = normal(random) / Math.sqrt(1 - share ** 2);
  return () => (before = share * before + normal(random));
}

/** Share of noisy lines whose interval holds the true slope, and the true moment at which the line meets its limit. */
function coverage(points: number, noiseOf: (random: () => number) => () => number, moments: (i: number) => number) {
  const RUNS = 300;
  let [slopes, dates] = [0, 0];
  for (let run = 0; run < RUNS; run += 1) {
    const noise = noiseOf(randomOf(run * 7919 + points));
    const lastMs = moments(points - 1);
    const perMs = 12 / lastMs;
    const readings = Array.from({ length: points }, (_, i): Point => [moments(i), perMs * moments(i) + noise()]);
    const line = must(lineThrough(readings, 'scatters'));
    if (line.perMsLow <= perMs && perMs <= line.perMsHigh) slopes += 1;
    const { lowMs = Infinity, highMs = Infinity } = forecastOf(line, { value: 30, from: 'below' }, 0);
    // Noise that is not even about 0 shifts the line by its median.
    const shift = noiseOf === NOISES.lopsided ? Math.log(2) : 0;
    const trueMs = (30 - shift) / perMs;
    if (lowMs <= trueMs && trueMs <= highMs) dates += 1;
  }
  return { slopes: slopes / RUNS, dates: dates / RUNS };
}

describe('nine intervals of ten hold the truth', () => {
  const EVEN = (i: number): number => i * STEP_MS;
  const WITH_GAPS = (i: number): number => i * STEP_MS + Math.floor(i / 7) * 120_000 + (i % 3) * 2000;
  const MEMORY_NEEDS: Readonly<Record<string, number>> = { 'with a memory of .5': 36, 'with a memory of .8': 90 };
  const cases = Object.entries(NOISES).flatMap(([name, noise]) =>
    [9, 18, 36, 90].flatMap((points) =>
      // Few readings cannot tell a memory from a trend: .79 of the intervals hold at 18 of .8, .87 at 18 of .5.
      points < (MEMORY_NEEDS[name] ?? 0) ? [] : [{ name, noise, points }],
    ),
  );
  it.each(cases)('$points readings, noise $name', ({ noise, points }) => {
    for (const moments of [EVEN, WITH_GAPS]) {
      const { slopes, dates } = coverage(points, noise, moments);
      // Of 300 draws at .9, fewer than .86 are one in a hundred.
      expect(slopes).toBeGreaterThan(0.86);
      expect(dates).toBeGreaterThan(0.86);
    }
  });

  it.each([9, 18, 60])('what accumulates, %d readings: the moment it is gone, whatever still comes', (points) => {
    const RUNS = 300;
    let held = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const random = randomOf(run * 104_729 + points);
      let waiting = 100_000;
      const step = (): number => (waiting += -400 + 150 * normal(random));
      const readings = Array.from({ length: points }, (_, i): Point => [i * STEP_MS, i === 0 ? waiting : step()]);
      const line = must(lineThrough(readings, 'accumulates'));
      const { lowMs = Infinity, highMs = Infinity } = forecastOf(line, { value: 0, from: 'above' }, line.lastMs);
      let goneMs = 0;
      for (; waiting > 0; goneMs += STEP_MS) step();
      if (lowMs <= goneMs && goneMs - STEP_MS <= highMs) held += 1;
    }
    expect(held / RUNS).toBeGreaterThan(0.86);
  });
});

const readings = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 3_000_000 }), fc.integer({ min: -1000, max: 1_000_000 })),
  {
    maxLength: 60,
  },
);
const course = fc.constantFrom<Course>('scatters', 'accumulates');
const from = fc.constantFrom('below' as const, 'above' as const);
const values = ({ inMs, lowMs, highMs }: Forecast): (number | undefined)[] => [lowMs, inMs, highMs];

describe('a forecast of any readings', () => {
  it('is in order, not before now, and no NaN', () => {
    fc.assert(
      fc.property(readings, course, from, fc.integer({ min: -2000, max: 2_000_000 }), (points, kind, side, value) => {
        const line = lineThrough(points, kind);
        if (line === undefined) return;
        const forecast = forecastOf(line, { value, from: side }, line.lastMs);
        const { inMs = Infinity, lowMs = Infinity, highMs = Infinity } = forecast;
        expect(values(forecast).every((ms) => ms === undefined || (Number.isFinite(ms) && ms >= 0))).toBe(true);
        expect(lowMs).toBeLessThanOrEqual(inMs);
        expect(inMs).toBeLessThanOrEqual(highMs);
      }),
      { numRuns: 1000 },
    );
  });

  it('is later the further the limit', () => {
    fc.assert(
      fc.property(readings, course, fc.nat(1_000_000), fc.nat(1_000_000), (points, kind, value, further) => {
        const line = lineThrough(points, kind);
        if (line === undefined) return;
        const near = values(forecastOf(line, { value, from: 'below' }, line.lastMs));
        const far = values(forecastOf(line, { value: value + further, from: 'below' }, line.lastMs));
        for (const [i, ms] of near.entries())
          expect(far[i] ?? Infinity).toBeGreaterThanOrEqual((ms ?? Infinity) * (1 - 1e-9) - 1e-3);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same upside down, and in any order of the readings', () => {
    fc.assert(
      fc.property(readings, course, fc.nat(1_000_000), (points, kind, value) => {
        const distinct = points.filter(([atMs], i) => points.findIndex(([other]) => other === atMs) === i);
        const line = lineThrough(distinct, kind);
        const turned = lineThrough(distinct.map(([atMs, y]): Point => [atMs, -y]).reverse(), kind);
        if (line === undefined || turned === undefined) return;
        const up = values(forecastOf(line, { value, from: 'below' }, line.lastMs));
        const down = values(forecastOf(turned, { value: -value, from: 'above' }, line.lastMs));
        for (const [i, ms] of up.entries()) {
          expect(down[i] === undefined).toBe(ms === undefined);
          expect((down[i] ?? 0) / Math.max(1, ms ?? 0)).toBeCloseTo((ms ?? 0) / Math.max(1, ms ?? 0), 5);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a forecast', () => {
  const line = (perStep: number, noise: (i: number) => number = () => 0, kind: Course = 'scatters') =>
    must(
      lineThrough(
        Array.from({ length: 20 }, (_, i): Point => [i * STEP_MS, 1000 + perStep * i + noise(i)]),
        kind,
      ),
    );
  const LIMIT = { value: 2000, from: 'below' } as const;
  const wobble = (i: number): number => 40 * Math.sin(i * 2.3);

  it('of a straight line is a moment', () => {
    // 1190 after 19 steps of 10; 81 more to come.
    expect(values(forecastOf(line(10), LIMIT, 19 * STEP_MS)).map((ms) => Math.round((ms ?? 0) / STEP_MS))).toEqual([
      81, 81, 81,
    ]);
  });
  it('counts from now, not from the last reading', () => {
    expect(forecastOf(line(10), LIMIT, 29 * STEP_MS).inMs).toBeCloseTo(71 * STEP_MS, 0);
  });
  it('is open-ended where the line may be level', () => {
    const { lowMs, highMs } = forecastOf(line(0.5, wobble), LIMIT, 19 * STEP_MS);
    expect(lowMs).toBeGreaterThan(0);
    expect(highMs).toBeUndefined();
  });
  it('is never where it falls', () => {
    expect(forecastOf(line(-10, wobble), LIMIT, 0)).toEqual({});
    expect(forecastOf(line(-40, wobble, 'accumulates'), LIMIT, 0)).toEqual({});
  });
  it('is at once where it is past', () => {
    expect(forecastOf(line(100), LIMIT, 19 * STEP_MS)).toEqual({ inMs: 0, lowMs: 0, highMs: 0 });
  });
  it('is never of readings that do not move', () => {
    expect(forecastOf(line(0), LIMIT, 0)).toEqual({});
  });
  it('is wider with fewer readings and more noise', () => {
    const width = (noise: number): number => {
      const { lowMs = 0, highMs = Infinity } = forecastOf(
        line(10, (i) => noise * wobble(i)),
        LIMIT,
        19 * STEP_MS,
      );
      return highMs - lowMs;
    };
    expect(width(0.1)).toBeGreaterThan(0);
    expect(width(1)).toBeGreaterThan(width(0.1));
  });
  it('needs five readings at different moments', () => {
    const four = [0, 1, 2, 3].map((i): Point => [i, i]);
    expect(lineThrough(four, 'scatters')).toBeUndefined();
    expect(
      lineThrough(
        [1, 2, 3, 4, 5, 6].map((y): Point => [7, y]),
        'accumulates',
      ),
    ).toBeUndefined();
  });
  it('leaves out what is no number', () => {
    const holes = Array.from({ length: 20 }, (_, i): Point => [i, i % 4 === 0 ? Number.NaN : 2 * i]);
    expect(must(lineThrough(holes, 'scatters')).perMs).toBeCloseTo(2, 9);
  });
});

describe('whether it is told', () => {
  const H = 3_600_000;
  it.each([
    ['to a factor of three', { inMs: 3 * H, lowMs: 2 * H, highMs: 6 * H }, true],
    ['not beyond', { inMs: 3 * H, lowMs: 2 * H, highMs: 6.1 * H }, false],
    ['within ten minutes, however early it may be', { inMs: 200_000, lowMs: 0, highMs: 600_000 }, true],
    ['not where it may be never', { inMs: 3 * H, lowMs: 2 * H }, false],
    ['not where it likely never is', { lowMs: 2 * H }, false],
    ['not further than 30 days', { inMs: 700 * H, lowMs: 690 * H, highMs: 721 * H }, false],
  ] as const)('%s', (_claim, forecast, told) => {
    expect(toldForecast(forecast) !== undefined).toBe(told);
  });
  it('several make one, open where one of them is', () => {
    expect(
      hullOf([
        { inMs: 5, lowMs: 4, highMs: 6 },
        { inMs: 7, lowMs: 2, highMs: 9 },
      ]),
    ).toEqual({ inMs: 5, lowMs: 2, highMs: 9 });
    expect(hullOf([{ inMs: 5, lowMs: 4, highMs: 6 }, { lowMs: 8 }])).toEqual({ inMs: 5, lowMs: 4 });
    expect(hullOf([])).toEqual({});
  });
});
