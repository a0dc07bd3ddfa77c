import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, nowOf, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { judge } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { srcLegacy } from './src-legacy.js';

/** L19: a SourceFunction in front of a slow map; its busy time is the text NaN. */
const LEGACY: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 'unknown', bp: 0.99, out: 324 },
    map: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 1, in: 325 },
  },
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the source without a busy time (L19)', LEGACY, 'info src'],
  [
    'names it where nothing is wrong, too',
    vary(LEGACY, { vertices: { src: { bp: 0 }, map: { busy: 0.1 } } }),
    'info src',
  ],
  ['names it on Flink 1.13, whose gauge is NaN', { ...LEGACY, flink: '1.13.6' }, 'info src'],
  [
    'is quiet about another vertex without one',
    vary(LEGACY, { vertices: { src: { busy: 0 }, map: { busy: 'unknown' } } }),
    'clear',
  ],
  ['is quiet about a source of the new interface', job.SLOW_LOOKUP, 'clear'],
  ['is quiet about a healthy job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', { ...LEGACY, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...LEGACY, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...LEGACY, samples: 3 }, WARMING_UP],
];

describe('src-legacy', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, srcLegacy);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [srcLegacy])).toEqual([]);
  });

  it('is quiet where no time is told at all: that is a page that could not be read', () => {
    const history = historyOf(LEGACY);
    const untold = {
      ...history,
      vertices: history.vertices.map((vertex) => ({
        ...vertex,
        subtasks: vertex.subtasks.map(({ subtask, samples }) => ({
          subtask,
          samples: samples.map(({ idleMs: _idle, backPressuredMs: _pressure, ...rest }) => rest),
        })),
      })),
    };
    expect(verdictOf(judge(untold, [srcLegacy], nowOf(untold)))).toBe('clear');
  });

  it('advises the new interface, and says what is lost', () => {
    const { changes, risk, expected } = only(judged(LEGACY, srcLegacy).advice);
    expect(changes[0]?.to).toBe('env.fromSource(Source, WatermarkStrategy, name)');
    expect([risk.stateLoss, expected[0]?.from]).toEqual([true, 2]);
  });
});
