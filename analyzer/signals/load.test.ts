import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, START_MS, type JobSpec } from '../testing/job-builder.js';
import { vary } from '../testing/claims.js';
import { must } from '../testing/must.js';
import { HEALTHY, SLOW_LOOKUP } from '../testing/scenarios.js';
import { loadOf, type VertexLoad } from './load.js';

const load = (spec: JobSpec, vertexId: string): VertexLoad | undefined => {
  const history = historyOf(spec);
  return loadOf(history, nowOf(history)).get(vertexId);
};

describe('loadOf', () => {
  it('tells shares, rates and their extremes of a vertex', () => {
    const spec = vary(HEALTHY, { vertices: { agg: { busy: [0.2, 0.6], bp: [0, 0.1], in: [100, 300] } } });
    expect(must(load(spec, 'agg'))).toMatchObject({
      parallelism: 2,
      maxParallelism: 128,
      busyMax: 0.6,
      busyMean: 0.4,
      idleMean: 0.55,
      backPressuredMax: 0.1,
      backPressuredMean: 0.05,
      recordsInPerSecond: 400,
      recordsOutPerSecond: 0,
    });
  });

  it('looks at the last minute only', () => {
    const spec = vary(HEALTHY, { vertices: { agg: { busy: (s) => (s > 240 ? 0.9 : 0.1) } } });
    expect(must(load(spec, 'agg')).busyMax).toBeCloseTo(0.9, 3);
  });

  it('waits for three settled readings, 20 s after RUNNING', () => {
    expect(load({ ...HEALTHY, samples: 3 }, 'agg')).toBeUndefined();
    expect(load({ ...HEALTHY, samples: 4 }, 'agg')).toBeDefined();
  });

  it.each(['1.13.6', '1.15.4'])('waits 100 s where only gauges are told (Flink %s)', (flink) => {
    expect(load({ ...HEALTHY, flink, samples: 11 }, 'agg')).toBeUndefined();
    expect(load({ ...HEALTHY, flink, samples: 12 }, 'agg')).toBeDefined();
  });

  it.each(['1.16.0', '2.0.1'])('does not where times accumulate (Flink %s)', (flink) => {
    expect(load({ ...HEALTHY, flink, samples: 4 }, 'agg')).toBeDefined();
  });

  it('leaves busy unknown where it is NaN, and takes the wall for a clock', () => {
    const legacy = must(load(vary(SLOW_LOOKUP, { vertices: { src: { busy: 'unknown' } } }), 'src'));
    expect(legacy.busyMax).toBeUndefined();
    expect(legacy.backPressuredMax).toBeCloseTo(0.99, 3);
    expect(legacy.recordsOutPerSecond).toBe(400);
  });

  it('leaves out subtasks above the present parallelism: they are of an earlier deployment', () => {
    const history = historyOf(vary(HEALTHY, { vertices: { agg: { parallelism: 4, busy: [0.1, 0.1, 0.9, 0.9] } } }));
    const narrowed = {
      ...history,
      vertices: history.vertices.map((vertex) => (vertex.vertexId === 'agg' ? { ...vertex, parallelism: 2 } : vertex)),
    };
    expect(must(loadOf(narrowed, nowOf(history)).get('agg')).busyMax).toBeCloseTo(0.1, 3);
  });

  it('tells no rate of a vertex of which one subtask was not read', () => {
    const history = historyOf(HEALTHY);
    const half = {
      ...history,
      vertices: history.vertices.map((vertex) =>
        vertex.vertexId !== 'agg'
          ? vertex
          : {
              ...vertex,
              subtasks: vertex.subtasks.map(({ subtask, samples }) => ({
                subtask,
                samples: subtask === 0 ? samples : samples.filter(({ atMs }) => atMs < START_MS + 100_000),
              })),
            },
      ),
    };
    const vertex = must(loadOf(half, nowOf(history)).get('agg'));
    expect(vertex.recordsInPerSecond).toBeUndefined();
    expect(vertex.busyMax).toBeDefined();
  });

  it('is empty while tasks are deployed', () => {
    expect(load({ ...HEALTHY, tasks: 'DEPLOYING' }, 'agg')).toBeUndefined();
  });
});
