import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpNonparallelOperator } from './bp-nonparallel-operator.js';

/** One subtask by choice, not by nature: max parallelism 128. */
const byChoice = vary(job.WINDOW_ALL, { vertices: { wall: { maxParallelism: 128 } } });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on windowAll behind four subtasks (L13)', job.WINDOW_ALL, 'warning wall[0]'],
  [
    'fires before the wait inside it is named: the TaskManager is idle',
    { ...job.WINDOW_ALL, taskManagers: [{ cores: 0.05 }] },
    'warning wall[0]',
  ],
  [
    'is quiet when the whole job has parallelism 1',
    vary(job.WINDOW_ALL, { vertices: { src: { parallelism: 1, out: 1913 } } }),
    'clear',
  ],
  ['is quiet when the subtask is 79 % busy', vary(job.WINDOW_ALL, { vertices: { wall: { busy: 0.79 } } }), 'clear'],
  [
    'is quiet about a committer with hardly any load',
    vary(job.WINDOW_ALL, { vertices: { wall: { busy: 0.01 }, src: { bp: 0, lag: [1, 0] } } }),
    'clear',
  ],
  [
    'is quiet while a backlog is worked off',
    vary(job.WINDOW_ALL, { vertices: { src: { lag: [600_000, -1200] } } }),
    'clear',
  ],
  ['is quiet on a parallel bottleneck', job.SLOW_LOOKUP, 'clear'],
  ['is skipped for a batch job', { ...job.WINDOW_ALL, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.WINDOW_ALL, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.WINDOW_ALL, samples: 2 }, WARMING_UP],
];

describe('bp-nonparallel-operator', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpNonparallelOperator);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpNonparallelOperator])).toEqual([]);
  });

  it('shows both parallelisms', () => {
    const { evidence } = only(judged(job.WINDOW_ALL, bpNonparallelOperator).findings);
    expect(evidence.map(({ signal, value }) => [signal, value])).toEqual(
      expect.arrayContaining([
        ['parallelism', 1],
        ['inputParallelism', 4],
      ]),
    );
  });

  it('splits a global operator into buckets, and rejects parallelism, which it cannot have', () => {
    const advice = only(judged(job.WINDOW_ALL, bpNonparallelOperator).advice);
    expect(advice).toMatchObject({ kind: 'code', diffs: {} });
    expect(only(advice.changes).to).toBe('keyBy(bucket of 4).window(…) → windowAll(combine)');
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toEqual(['more parallelism', 'a bigger machine']);
    expect(only(advice.expected)).toMatchObject({ from: 1913, to: 3124 });
  });

  it('takes as many buckets as the job is wide', () => {
    const wider = vary(job.WINDOW_ALL, { vertices: { src: { parallelism: 6, out: 319 } } });
    expect(only(judged(wider, bpNonparallelOperator).advice).title.en).toContain('Aggregate in 6 buckets');
  });

  it('gives an operator that may be parallel the size it needs', () => {
    const advice = only(judged(byChoice, bpNonparallelOperator).advice);
    expect(advice.changes).toMatchObject([{ vertexId: 'wall', from: 1, to: 3 }]);
    expect(must(advice.prerequisites[0]).en).toContain('nothing in it needs all records in one place');
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toEqual(['a bigger machine']);
  });
});
