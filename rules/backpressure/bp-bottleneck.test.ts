import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpBottleneck } from './bp-bottleneck.js';

/** The slow lookup on a machine that tells its CPU time but whose GC pauses and source snapshots drag. */
const starved: JobSpec = {
  ...job.SLOW_LOOKUP,
  taskManagers: [{ cores: 0.13, gcRatio: 0.02, youngPerSecond: 0.2 }],
  checkpoints: Array.from({ length: 5 }, () => ({ phases: { src: { sync: 300 }, map: { start: 40 } } })),
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the vertex that pressure ends at', job.SLOW_LOOKUP, 'warning map'],
  ['fires on plain computing', job.CPU_BOUND, 'warning agg'],
  [
    'is critical once the source is more than five minutes behind',
    vary(job.SLOW_LOOKUP, { vertices: { src: { lag: [200_000, 200] } } }),
    'critical map',
  ],
  ['is quiet when the vertex is 79 % busy', vary(job.SLOW_LOOKUP, { vertices: { map: { busy: 0.79 } } }), 'clear'],
  [
    'is quiet when the pressure behind it is low: 20 %',
    vary(job.SLOW_LOOKUP, { vertices: { map: { busy: 0.87 }, src: { bp: 0.2, lag: [4, 0] } } }),
    'clear',
  ],
  [
    'says only a word about a full vertex that nothing waits for yet',
    vary(job.SLOW_LOOKUP, { vertices: { map: { busy: 0.97 }, src: { bp: 0, lag: [4, 0] } } }),
    'info map',
  ],
  ['is quiet while a backlog is worked off', job.CATCHING_UP, 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is quiet about a source that is merely unlimited',
    {
      vertices: {
        src: { parallelism: 2, busy: 1, out: 5000 },
        sink: { parallelism: 2, inputs: { src: 'FORWARD' }, busy: 0.5, in: 5000 },
      },
    },
    'clear',
  ],
  ['takes the slow branch of a diamond, not the fast one', diamond(0.3), 'warning slow'],
  ['is skipped for a batch job', { ...job.SLOW_LOOKUP, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.SLOW_LOOKUP, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.SLOW_LOOKUP, samples: 3 }, WARMING_UP],
  [
    'is skipped, with the reason, when the vertices cannot be read',
    { ...job.SLOW_LOOKUP, samples: 1, missing: ['/jobs/:jobid/vertices/:vertexid'] },
    'skipped: /jobs/:jobid/vertices/:vertexid could not be read: HTTP 500',
  ],
];

describe('bp-bottleneck', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpBottleneck);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpBottleneck])).toEqual([]);
  });

  it('says what the vertex holds back', () => {
    const { title, summary } = only(judged(job.SLOW_LOOKUP, bpBottleneck).findings);
    expect(title.en).toBe('map is at its limit and holds the job back');
    expect(summary.en).toContain('100 % busy and 1 vertex upstream waits for it');
  });

  const unclear: readonly (readonly [string, JobSpec, string])[] = [
    ['the machine is short of CPU', starved, 'The machine itself is short of CPU'],
    [
      'CPU time cannot be read',
      { ...job.SLOW_LOOKUP, taskManagers: [{ cores: 'unknown' }] },
      'CPU time of the TaskManager is not readable',
    ],
    [
      'it both computes and waits',
      { ...job.SLOW_LOOKUP, taskManagers: [{ cores: 1, hostCores: 8 }] },
      'It both computes and waits',
    ],
  ];
  it.each(unclear)('claims little and advises nothing when %s', (_claim, spec, why) => {
    const verdict = judged(spec, bpBottleneck);
    const { confidence, summary } = only(verdict.findings);
    expect(confidence).toBeLessThanOrEqual(0.6);
    expect(summary.en).toContain(why);
    expect(verdict.advice).toEqual([]);
  });

  it('says which metric it lacks', () => {
    const { notSeen } = only(
      judged({ ...job.SLOW_LOOKUP, taskManagers: [{ cores: 'unknown' }] }, bpBottleneck).findings,
    );
    expect(notSeen.map(({ signal }) => signal.en)).toEqual(['Status.JVM.CPU.Time']);
  });

  it('leaves the advice on a wait to bp-external-wait', () => {
    expect(judged(job.SLOW_LOOKUP, bpBottleneck).advice).toEqual([]);
  });

  it('sizes a computing vertex for what arrives, with the slots that takes', () => {
    const advice = only(judged(job.CPU_BOUND, bpBottleneck).advice);
    expect(advice.changes).toEqual([
      { scope: 'vertex', vertexId: 'agg', vertexName: 'agg', from: 2, to: 5, unit: 'subtasks' },
    ]);
    expect(advice.diffs['config.yaml']).toBe("+ pipeline.jobvertex-parallelism-overrides: 'agg:5'");
    expect(advice.cost).toMatchObject({ slots: 3, taskManagers: 1 });
    expect(must(advice.expected[0])).toMatchObject({ metric: 'recordsInPerSecond', from: 1734, to: 2600 });
  });

  it('follows the readings: with two thirds of the demand three subtasks do', () => {
    const lighter = vary(job.CPU_BOUND, { vertices: { src: { lag: [1000, 0] } } });
    expect(only(judged(lighter, bpBottleneck).advice).changes).toMatchObject([{ from: 2, to: 3 }]);
  });
});

/** src → fast and slow → join; the slow branch is full. */
function diamond(fastBusy: number): JobSpec {
  return {
    vertices: {
      src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 400 },
      fast: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: fastBusy, in: 200 },
      slow: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 1, in: 200 },
      join: { parallelism: 2, inputs: { fast: 'HASH', slow: 'HASH' }, busy: 0.02, in: 400 },
    },
  };
}
