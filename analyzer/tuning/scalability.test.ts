import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FullEra, JobEras } from '../../collector/model/index.js';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { vary } from '../testing/claims.js';
import { must } from '../testing/must.js';
import * as job from '../testing/scenarios.js';
import { signalsOf } from '../signals/signals.js';
import { capacityOf, parallelismFor, planParallelism, rateAt } from './parallelism.js';
import { contentionOf, withEras } from './scalability.js';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;
const era = (parallelism: number, perSecond: number, atMs = NOW_MS): FullEra => ({ parallelism, perSecond, atMs });

describe('what past parallelisms tell', () => {
  it.each<[string, readonly FullEra[] | undefined, number | undefined]>([
    ['nothing where there was none', undefined, undefined],
    ['nothing of one', [era(2, 50)], undefined],
    ['nothing where each subtask serves as much as before', [era(2, 50), era(4, 98)], undefined],
    ['nothing where busy times wander: 17 %', [era(2, 50), era(4, 100 / 1.17)], undefined],
    ['that all share one thing: 20 ms more for each subtask', [era(2, 50), era(4, 50)], 0.02],
    ['that they share a part of it', [era(2, 50), era(4, 100 / 1.3)], 0.006],
    ['nothing of what is older than two weeks', [era(2, 50, NOW_MS - 15 * DAY_MS), era(4, 50)], undefined],
  ])('%s', (_claim, eras, seconds) => {
    const found = contentionOf(eras, NOW_MS)?.secondsPerSubtask;
    if (seconds === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(seconds, 9);
  });

  it('is the curve that the figures were made of, whatever it is', () => {
    const seconds = fc.double({ min: 1e-4, max: 1, noNaN: true });
    fc.assert(
      fc.property(seconds, fc.double({ min: 0.2, max: 5, noNaN: true }), (own, ratio) => {
        const shared = own * ratio;
        const eras = [2, 5, 9].map((p) => era(p, p / (own + shared * p)));
        const seen = contentionOf(eras, NOW_MS)?.secondsPerSubtask;
        expect(must(seen) / shared).toBeCloseTo(1, 6);
      }),
    );
  });
});

describe('what a job shows now', () => {
  const read = (spec: JobSpec) => {
    const history = historyOf(spec);
    const signals = signalsOf(history, nowOf(history));
    const load = signals.get('load');
    const lag = signals.get('lag');
    if (!load.ok || !lag.ok) throw new Error('no load');
    return { history, job: signals.job, load: load.value, lag: lag.value };
  };
  const slow = read(job.SLOW_LOOKUP);
  const NONE: JobEras = new Map();
  const seen = withEras(NONE, slow.job, slow.load, NOW_MS);

  it('is kept of full vertices, not of sources and of what has room', () => {
    expect([...seen.keys()]).toEqual(['map']);
    expect(must(seen.get('map'))[0]).toMatchObject({ parallelism: 2, atMs: NOW_MS });
    expect(must(must(seen.get('map'))[0]).perSecond).toBeCloseTo(400, 0);
    const well = read(job.HEALTHY);
    expect(withEras(NONE, well.job, well.load, NOW_MS)).toBe(NONE);
  });

  it('is no news within the hour', () => {
    expect(withEras(seen, slow.job, slow.load, NOW_MS + 3_599_000)).toBe(seen);
    expect(withEras(seen, slow.job, slow.load, NOW_MS + 3_600_000)).not.toBe(seen);
  });

  it('takes its place beside other parallelisms, eight at most, the youngest', () => {
    const before = [3, 4, 5, 6, 7, 8, 9, 10].map((p, i) => era(p, 100 * p, NOW_MS - 10_000 + i));
    const after = must(withEras(new Map([['map', before]]), slow.job, slow.load, NOW_MS).get('map'));
    expect(after.map(({ parallelism }) => parallelism)).toEqual([2, 4, 5, 6, 7, 8, 9, 10]);
  });

  const planWith = (eras: readonly FullEra[], spec: JobSpec = job.SLOW_LOOKUP) => {
    const { history, job: facts, load, lag } = read(spec);
    const atMs = nowOf(history);
    const known = new Map([['map', eras.map((one) => ({ ...one, atMs }))]]);
    const busyMax = must(load.get('map')).busyMax ?? 0;
    return planParallelism({ vertexId: 'map', busyMax }, capacityOf(facts, load, lag), lag, {
      job: facts,
      history: { ...history, eras: known },
    });
  };

  it('reckons with subtasks that hold one another up a little, and says what was seen', () => {
    const wide = vary(job.SLOW_LOOKUP, { vertices: { map: { parallelism: 8, in: 50 } } });
    const plain = must(planWith([era(8, 400)], wide));
    const held = must(planWith([era(2, 130), era(8, 400)], wide));
    // 832/s would take 33 subtasks that spend half of their time on one another: 660/s are within reach.
    expect([plain.to, held.to]).toEqual([17, 19]);
    expect(held.throughput.to).toBeCloseTo(600, 0);
    expect(must(held.contention).eras.map(({ parallelism }) => parallelism)).toEqual([2, 8]);
    expect(plain.contention).toBeUndefined();
  });

  it('asks for none where one thing is shared by all: twice the subtasks served as much', () => {
    expect(planWith([era(1, 400), era(2, 400)])).toBeUndefined();
  });

  it('never promises more than the shared thing allows', () => {
    const capacity = must(capacityOf(slow.job, slow.load, slow.lag).get('map'));
    const shared = { ...capacity, secondsPerSubtask: capacity.secondsPerRecord / 4 };
    for (let p = 2; p < 200; p += 1) expect(rateAt(shared, p)).toBeLessThan(1 / shared.secondsPerSubtask);
    expect(parallelismFor(shared, 1 / shared.secondsPerSubtask)).toBeUndefined();
  });

  it('a little less than promised is no contention', () => {
    expect(planWith([era(1, 210), era(2, 400)], vary(job.SLOW_LOOKUP, {}))?.contention).toBeUndefined();
  });
});
