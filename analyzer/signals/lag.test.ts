import { describe, expect, it } from 'vitest';
import type { JobHistory } from '../../collector/model/index.js';
import { topologyOf } from '../graph/topology.js';
import { historyOf, nowOf, type JobSpec, type VertexSpec } from '../testing/job-builder.js';
import { must } from '../testing/must.js';
import { lagOf, type LagSignal } from './lag.js';
import { loadOf } from './load.js';

const lagIn = (history: JobHistory): LagSignal => {
  const topology = topologyOf(
    history.vertices.map(({ vertexId }) => vertexId),
    history.edges,
  );
  return lagOf(history, topology, loadOf(history, nowOf(history)), nowOf(history));
};
type Lag = NonNullable<VertexSpec['lag']>;
const sources = (lags: readonly (Lag | undefined)[], samples = 30): JobSpec => ({
  samples,
  vertices: Object.fromEntries(
    lags.map((lag, i) => [`s${i}`, { parallelism: 2, out: 100, ...(lag === undefined ? {} : { lag }) }]),
  ),
});

describe('phase of the job', () => {
  const GROWING: Lag = [5000, 50];
  const FALLING: Lag = [50_000, -50];
  const STEADY: Lag = [5000, 0];
  const table: readonly (readonly [string, readonly (Lag | undefined)[], LagSignal['phase']])[] = [
    ['none: no source tells its lag', [undefined], 'none'],
    ['steady: it stands', [STEADY], 'steady'],
    ['steady: hardly anything waits, however it moves', [[2, 0.5]], 'steady'],
    ['growing', [GROWING], 'growing'],
    ['catching up', [FALLING], 'catching-up'],
    ['growing: one source falls behind while another catches up', [FALLING, GROWING], 'growing'],
    ['catching up: one source falls, another stands', [FALLING, STEADY], 'catching-up'],
    ['growing: a source without a lag does not matter', [undefined, GROWING], 'growing'],
  ];
  it.each(table)('%s', (_claim, lags, phase) => {
    expect(lagIn(historyOf(sources(lags))).phase).toBe(phase);
  });

  it('is unknown until the slope is: five readings over 40 s', () => {
    expect(lagIn(historyOf(sources([GROWING], 3))).phase).toBe('unknown');
    expect(lagIn(historyOf(sources([GROWING], 4))).phase).toBe('growing');
  });
});

describe('one source', () => {
  it('tells what arrives: what is read plus the slope', () => {
    const source = must(lagIn(historyOf(sources([[5000, 50]]))).sources[0]);
    expect(source).toMatchObject({ lagRecords: 20_000, consumedPerSecond: 200, trend: 'growing' });
    expect(must(source.slopePerSecond)).toBeCloseTo(50, 1);
    expect(must(source.offeredPerSecond)).toBeCloseTo(250, 1);
    expect(must(source.lagSeconds)).toBeCloseTo(80, 0);
  });

  it('tells when it has caught up', () => {
    const source = must(lagIn(historyOf(sources([[50_000, -100]]))).sources[0]);
    expect(must(source.catchUpMs)).toBeCloseTo(200_000, -3);
  });

  it('does not believe a burst: the slope is a median', () => {
    expect(lagIn(historyOf(sources([(s) => (s === 250 ? 90_000 : 5000)]))).phase).toBe('steady');
  });

  it('counts from three seconds of input', () => {
    const waiting = (start: number): LagSignal['phase'] => lagIn(historyOf(sources([[start, 6.4]], 10))).phase;
    expect([waiting(82), waiting(-60)]).toEqual(['growing', 'steady']);
  });

  it('sees the lag turn: three minutes decide, not what was before', () => {
    const turned = (s: number): number => (s < 120 ? 1000 * s : 120_000 - 20 * (s - 120));
    expect(lagIn(historyOf(sources([turned]))).phase).toBe('catching-up');
  });

  it('leaves out a moment at which a reader did not tell', () => {
    const history = historyOf(sources([[5000, 0]]));
    const [first] = history.vertices;
    const holes = {
      ...history,
      vertices: [
        {
          ...must(first),
          subtasks: must(first).subtasks.map(({ subtask, samples }) => ({
            subtask,
            samples: samples.map((sample, i) => {
              if (subtask === 0 || i % 2 === 0) return sample;
              const { pendingRecords: _untold, ...rest } = sample;
              return rest;
            }),
          })),
        },
      ],
    };
    expect(lagIn(holes)).toMatchObject({ phase: 'steady', sources: [{ lagRecords: 5000 }] });
  });

  it('takes what was read where a chained source tells no output (fact 8)', () => {
    const chained: JobSpec = { vertices: { all: { parallelism: 2, busy: 1, in: 150, lag: [27_000, 300] } } };
    expect(must(lagIn(historyOf(chained)).sources[0]).consumedPerSecond).toBe(300);
  });

  it('knows no seconds where nothing is read', () => {
    const dead: JobSpec = { vertices: { src: { parallelism: 1, out: 0, lag: [5000, 10] } } };
    const source = must(lagIn(historyOf(dead)).sources[0]);
    expect(source.lagSeconds).toBeUndefined();
    expect(source.trend).toBe('growing');
  });
});
