import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { skewKeygroup } from './skew-keygroup.js';

/** Three subtasks, four key groups: the first owns two. */
const four = (busy: readonly number[], bp = 0): JobSpec => ({
  vertices: {
    src: { parallelism: 2, busy: 0.02, bp, out: 400, lag: [2, 0] },
    agg: { parallelism: 3, maxParallelism: 4, inputs: { src: 'HASH' }, busy, in: [400, 200, 200] },
  },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the subtasks that own a group more', four([0.9, 0.45, 0.45]), 'warning agg[0]'],
  ['is critical when its input waits', four([0.9, 0.45, 0.45], 0.6), 'critical agg[0]'],
  ['is a word while no subtask is full', four([0.79, 0.4, 0.4]), 'info agg[0]'],
  [
    'is quiet when the groups divide evenly',
    vary(four([0.9, 0.9, 0.9]), { vertices: { agg: { maxParallelism: 6, in: 300 } } }),
    'clear',
  ],
  ['is quiet about the slight unevenness of 128 groups over 10 subtasks', even(10), 'clear'],
  [
    'is quiet when the records do not follow the groups',
    vary(four([0.9, 0.45, 0.45]), { vertices: { agg: { in: [266, 267, 267] } } }),
    'clear',
  ],
  ['leaves a hot key to its own rule', job.HOT_KEY, 'clear'],
  [
    'is quiet while a backlog is worked off',
    vary(four([1, 0.5, 0.5]), { vertices: { src: { lag: [90_000, -200] } } }),
    'clear',
  ],
  [
    'is quiet when too few records came to tell',
    vary(four([0.9, 0.45, 0.45]), { vertices: { agg: { in: [1, 0.5, 0.5] } } }),
    'clear',
  ],
  ['is skipped for a batch job', { ...job.KEY_GROUPS, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.KEY_GROUPS, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.KEY_GROUPS, samples: 2 }, WARMING_UP],
];

describe('skew-keygroup', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewKeygroup);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewKeygroup])).toEqual([]);
  });

  it('finds exactly the 32 of 96 subtasks that own two of 128 groups (L06)', () => {
    const { subject, title } = only(judged(job.KEY_GROUPS, skewKeygroup).findings);
    expect(subject.subtasks).toEqual(Array.from({ length: 32 }, (_, i) => 3 * i));
    expect(title.en).toContain('128 key groups over 96 subtasks leave some with 1.5× the work');
  });

  it('when subtasks are full, goes up to the next divisor and says what that brings', () => {
    const advice = only(judged(job.KEY_GROUPS, skewKeygroup).advice);
    expect(only(advice.changes)).toMatchObject({ vertexId: 'agg', from: 96, to: 128, unit: 'subtasks' });
    expect(advice.diffs['config.yaml']).toBe("+ pipeline.jobvertex-parallelism-overrides: 'agg:128'");
    expect(must(advice.expected[1])).toMatchObject({ metric: 'busyRatio', from: 0.9, to: 0.45 });
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toEqual(['a larger max parallelism']);
  });

  it('when they are not, goes down to the divisor that carries the same', () => {
    const calm = vary(job.KEY_GROUPS, { vertices: { agg: { busy: 0.3 } } });
    const advice = only(judged(calm, skewKeygroup).advice);
    expect(only(advice.changes)).toMatchObject({ from: 96, to: 64 });
    expect(advice.cost.slots).toBe(-32);
  });

  it('follows the groups: 4 over 3 becomes 4', () => {
    expect(only(judged(four([0.9, 0.45, 0.45]), skewKeygroup).advice).changes).toMatchObject([{ from: 3, to: 4 }]);
  });
});

/** 128 groups over a parallelism, records exactly by groups. */
function even(parallelism: number): JobSpec {
  const groups = (i: number): number =>
    Math.floor(((i + 1) * 128 - 1) / parallelism) - Math.floor((i * 128 + parallelism - 1) / parallelism) + 1;
  return {
    vertices: {
      src: { parallelism: 2, busy: 0.02, out: 640, lag: [2, 0] },
      agg: { parallelism, inputs: { src: 'HASH' }, busy: 0.9, in: (_s, i) => 10 * groups(i) },
    },
  };
}
