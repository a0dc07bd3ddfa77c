import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpSourceChained } from './bp-source-chained.js';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on one full vertex with a growing lag (L18)', job.CHAINED, 'warning all'],
  [
    'is critical when it is minutes behind',
    vary(job.CHAINED, { vertices: { all: { lag: [300_000, 300] } } }),
    'critical all',
  ],
  ['is quiet when it is 94 % busy', vary(job.CHAINED, { vertices: { all: { busy: 0.94 } } }), 'clear'],
  [
    'is quiet when the lag stands still: an unlimited source is always busy',
    vary(job.CHAINED, { vertices: { all: { lag: [27_000, 0] } } }),
    'clear',
  ],
  ['is quiet when no lag is told', { vertices: { all: { parallelism: 2, busy: 1, in: 150 } } }, 'clear'],
  [
    'is quiet while a backlog is worked off',
    vary(job.CHAINED, { vertices: { all: { lag: [200_000, -300] } } }),
    'clear',
  ],
  ['is quiet when the source waits for a vertex below it', job.SLOW_LOOKUP, 'clear'],
  ['leaves garbage collection to its own rule', { ...job.CHAINED, taskManagers: [{ gcRatio: 0.7 }] }, 'clear'],
  [
    'names the source that falls behind, not the one that keeps up',
    {
      vertices: {
        behind: { parallelism: 2, busy: 1, in: 150, lag: [27_000, 300] },
        fine: { parallelism: 2, busy: 1, in: 150, lag: [5, 0] },
      },
    },
    'warning behind',
  ],
  [
    'is quiet about a legacy source, whose busy is not known',
    vary(job.CHAINED, { vertices: { all: { busy: 'unknown' } } }),
    'clear',
  ],
  ['is skipped for a batch job', { ...job.CHAINED, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.CHAINED, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.CHAINED, samples: 2 }, WARMING_UP],
];

describe('bp-source-chained', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpSourceChained);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpSourceChained])).toEqual([]);
  });

  it('spreads the work behind the source: how many splits there are Flink does not tell', () => {
    const advice = only(judged(job.CHAINED, bpSourceChained).advice);
    expect(advice.title.en).toBe(
      'Put rebalance() after the source of Source: src -> map -> Sink: sink, and run its work with parallelism 6',
    );
    expect(advice.changes.some(({ unit }) => unit === 'subtasks')).toBe(false);
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toEqual([
      'the source itself with parallelism 6',
      'only break the chain (disableChaining)',
    ]);
  });

  it('follows the readings: half the growth, fewer subtasks', () => {
    const slower = vary(job.CHAINED, { vertices: { all: { lag: [27_000, 150] } } });
    expect(only(judged(slower, bpSourceChained).advice).title.en).toContain('parallelism 5');
  });
});
