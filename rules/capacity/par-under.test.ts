import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec, VertexSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { parUnder } from './par-under.js';

/** Everything that arrives is served, at 92 % busy. */
const full = (agg: Partial<VertexSpec> = {}, src: Partial<VertexSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 2, busy: 0.04, out: 300, lag: [2, 0], ...src },
    agg: { parallelism: 2, inputs: { src: 'HASH' }, busy: 0.92, in: 300, ...agg },
  },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the vertex without reserve', full(), 'warning agg'],
  ['fires from 85 % for three minutes', full({ busy: 0.85 }), 'warning agg'],
  ['is quiet just below', full({ busy: 0.849 }), 'clear'],
  [
    'is quiet when one of the three minutes was calmer',
    full({ busy: (s) => (s > 200 && s < 260 ? 0.5 : 0.95) }),
    'clear',
  ],
  ['is quiet on a right-sized vertex (Z06)', job.RIGHT_SIZED, 'clear'],
  ['is quiet when only one subtask is busy: that is skew', full({ busy: [0.92, 0.3], in: [300, 300] }), 'clear'],
  [
    'is quiet when the records are uneven',
    full({ parallelism: 4, busy: [0.8, 0.8, 0.95, 0.8], in: [100, 100, 400, 100] }),
    'clear',
  ],
  ['leaves a vertex that holds the job back to the bottleneck rules (L03)', job.SLOW_LOOKUP, 'clear'],
  ['is quiet while a backlog is worked off', full({}, { lag: [200_000, -400] }), 'clear'],
  [
    'is quiet about a source that reads as fast as it can',
    { vertices: { src: { parallelism: 2, busy: 0.94, out: 900, lag: [4, 0] } } },
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet in the first three minutes: too short to tell', { ...full(), samples: 14 }, 'clear'],
  ['is skipped for a batch job', { ...full(), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...full(), tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...full(), samples: 2 }, WARMING_UP],
];

describe('par-under', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, parUnder);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [parUnder])).toEqual([]);
  });

  it('sizes for 70 % busy, with a restart caught up', () => {
    const advice = only(judged(full(), parUnder).advice);
    expect(advice.changes).toMatchObject([{ vertexId: 'agg', from: 2, to: 3 }]);
    expect(must(advice.expected.find(({ metric }) => metric === 'busyRatio')).to).toBeLessThanOrEqual(0.7);
    expect(must(advice.prerequisites[0]).en).toBe('what the vertex calls outside Flink has room for more');
  });

  it('follows the readings: twice as wide, two more', () => {
    const wide = full({ parallelism: 4, in: 150 });
    expect(only(judged(wide, parUnder).advice).changes).toMatchObject([{ from: 4, to: 6 }]);
  });

  it('has no advice when the key groups are used up', () => {
    expect(judged(full({ maxParallelism: 2 }), parUnder).advice).toEqual([]);
  });

  it('does not need a lag to size: what is served is what arrives', () => {
    const { lag: _told, ...src } = must(full().vertices.src);
    const blind: JobSpec = { vertices: { ...full().vertices, src } };
    expect(only(judged(blind, parUnder).advice).changes).toMatchObject([{ from: 2, to: 3 }]);
  });
});
