import { describe, expect, it } from 'vitest';
import { vary } from '../testing/claims.js';
import { historyOf, nowOf, type JobSpec, type VertexSpec } from '../testing/job-builder.js';
import { HEALTHY } from '../testing/scenarios.js';
import { idleSourcesOf, type IdleSources } from './idle-source.js';
import { loadOf } from './load.js';
import { jobFacts } from './job-facts.js';

const sourcesOf = (spec: JobSpec, minutes = true): IdleSources => {
  const history = historyOf(spec);
  const known = minutes
    ? history
    : { ...history, vertices: history.vertices.map((vertex) => ({ ...vertex, minutes: [] })) };
  return idleSourcesOf(known, jobFacts(known), loadOf(known, nowOf(known)));
};
const src = (more: Partial<VertexSpec>, rest: Partial<JobSpec> = {}): JobSpec =>
  vary(HEALTHY, { vertices: { src: { out: 0, lag: [0, 0], ...more } }, ...rest });
const stopsAt = (second: number): Partial<VertexSpec> => ({ out: (seconds) => (seconds > second ? 0 : 10) });

describe('idleSourcesOf', () => {
  it('counts from the start where there never was a record', () => {
    expect(sourcesOf(src({}))).toEqual({
      told: 1,
      idle: [{ vertexId: 'src', silentMs: 300_000, neverRead: true, isLagTold: true }],
    });
  });

  it('counts from the last record where there was one, by minutes beyond the readings that are held', () => {
    expect(sourcesOf(src(stopsAt(60)), false).idle).toMatchObject([{ silentMs: 240_000, neverRead: false }]);
    const history = historyOf(src(stopsAt(60), { samples: 120 }));
    const young = {
      ...history,
      vertices: history.vertices.map((vertex) => ({
        ...vertex,
        subtasks: vertex.subtasks.map(({ subtask, samples }) => ({ subtask, samples: samples.slice(-12) })),
      })),
    };
    const { idle } = idleSourcesOf(young, jobFacts(young), loadOf(young, nowOf(young)));
    expect(idle[0]?.silentMs).toBeGreaterThan(1_000_000);
  });

  const quiet: readonly (readonly [string, JobSpec])[] = [
    ['one reader of two reads', src({ out: [0, 1] })],
    ['records wait', src({ lag: [2, 0] })],
    ['it is held back', src({ bp: 0.9 })],
  ];
  it.each(quiet)('is not idle where %s', (_why, spec) => {
    expect(sourcesOf(spec)).toEqual({ told: 1, idle: [] });
  });

  it('does not trust the count of a task that is source and sink at once', () => {
    const alone = (more: Partial<VertexSpec>): JobSpec => ({
      vertices: { all: { parallelism: 2, busy: 0.4, ...more } },
    });
    expect(sourcesOf(alone({}))).toEqual({ told: 0, idle: [] });
    expect(sourcesOf(alone({ lag: [0, 0] })).idle).toHaveLength(1);
  });
});
