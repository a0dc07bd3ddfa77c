import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { parOver } from './par-over.js';

const agg = (busy: number | ((s: number) => number), more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.OVER_PROVISIONED, { vertices: { agg: { busy } } }),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the vertex that is too wide (Z01)', job.OVER_PROVISIONED, 'info agg'],
  [
    'fires when two of three would do',
    vary(agg(0.29), { vertices: { src: { parallelism: 3 }, agg: { parallelism: 3 } } }),
    'info agg',
  ],
  ['is quiet on a right-sized vertex (Z06)', job.RIGHT_SIZED, 'clear'],
  ['is quiet from 30 % busy on', agg(0.3), 'clear'],
  ['is quiet when one minute of the window was busy', agg((s) => (s > 60 && s <= 130 ? 0.6 : 0.1)), 'clear'],
  [
    'is quiet when fewer subtasks would free no slot: the source keeps its width',
    vary(job.OVER_PROVISIONED, { vertices: { src: { busy: 0.6 } } }),
    'clear',
  ],
  [
    'is quiet while anything is backpressured',
    vary(job.OVER_PROVISIONED, { vertices: { src: { bp: 0.15 } } }),
    'clear',
  ],
  ['is quiet while the lag grows', vary(job.OVER_PROVISIONED, { vertices: { src: { lag: [9000, 100] } } }), 'clear'],
  [
    'is quiet while a backlog is worked off',
    vary(job.OVER_PROVISIONED, { vertices: { src: { lag: [90_000, -100] } } }),
    'clear',
  ],
  ['is quiet at parallelism 1', { vertices: { src: { parallelism: 1, busy: 0.01, out: 50, lag: [0, 0] } } }, 'clear'],
  ['does not take a vertex behind a bottleneck for too wide (Z03)', job.HIDDEN_SECOND, 'clear'],
  ['is quiet in the first minute and a half: too short to tell', { ...job.OVER_PROVISIONED, samples: 9 }, 'clear'],
  ['is skipped for a batch job', { ...job.OVER_PROVISIONED, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.OVER_PROVISIONED, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.OVER_PROVISIONED, samples: 2 }, WARMING_UP],
];

describe('par-over', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, parOver);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [parOver])).toEqual([]);
  });

  it('names its window, and knows that a daily peak may lie outside', () => {
    const { confidence, summary } = only(judged(job.OVER_PROVISIONED, parOver).findings);
    expect(summary.en).toContain('In the busiest minute of the last 4 min');
    expect(summary.en).toContain('A daily peak outside this window is not known');
    expect(confidence).toBe(0.6);
  });

  describe('beside the kept weeks', () => {
    const season = (recordsPerSecondMax: number, knownHours = 168) => ({
      seasons: new Map(
        ['src', 'agg'].map((vertexId) => [
          vertexId,
          { vertexId, spanMs: 21 * 86_400_000, knownHours, recordsPerSecondMax },
        ]),
      ),
    });
    const beside = (perSecond: number, knownHours?: number): JobSpec => ({
      ...job.OVER_PROVISIONED,
      history: season(perSecond, knownHours),
    });
    const servedPerSecond = 4 * 50;

    it('is sure of a job whose weekly peak is known, and says so', () => {
      const { confidence, summary } = only(judged(beside(servedPerSecond), parOver).findings);
      expect(confidence).toBe(0.9);
      expect(summary.en).toMatch(/^With the highest load of the last 21 d/);
    });

    it('keeps what the highest five minutes of the weeks need', () => {
      expect(only(judged(beside(servedPerSecond * 2.5), parOver).advice).changes).toMatchObject([
        { vertexId: 'src' },
        { vertexId: 'agg', to: 2 },
      ]);
    });

    it('is quiet when these would make it busy, and goes by its window while the weeks are not seen whole', () => {
      expect(verdictOf(judged(beside(servedPerSecond * 4), parOver))).toBe('clear');
      expect(verdictOf(judged(beside(servedPerSecond * 4, 100), parOver))).toBe('info agg');
    });
  });

  it('takes all that is not needed in one step, from every vertex that allows it', () => {
    const advice = only(judged(job.OVER_PROVISIONED, parOver).advice);
    expect(advice.changes.map(({ vertexId, from, to }) => [vertexId, from, to])).toEqual([
      ['src', 4, 1],
      ['agg', 4, 1],
    ]);
    expect(advice.diffs['config.yaml']).toBe("+ pipeline.jobvertex-parallelism-overrides: 'src:1,agg:1'");
    expect(advice.cost.slots).toBe(-3);
    // A little less than the readings add up to.
    const { from, to, low, high } = must(advice.expected[1]);
    expect([from, to, low, high].map((busy) => Math.round(busy * 1000) / 1000)).toEqual([0.1, 0.381, 0.286, 0.476]);
  });

  it('follows the readings: what is needed at the peak is kept', () => {
    // 29 % of four at 70 % with a restart to catch up: 1.7 subtasks, and the busiest owns 64 of 128 groups.
    const advice = judged(agg(0.29), parOver).advice;
    expect(only(advice).changes.map(({ vertexId, to }) => [vertexId, to])).toEqual([
      ['src', 1],
      ['agg', 2],
    ]);
    const six = vary(job.OVER_PROVISIONED, {
      vertices: { src: { parallelism: 6, out: 50 }, agg: { parallelism: 6, busy: 0.29 } },
      taskManagers: [{ slots: 6 }],
    });
    expect(only(judged(six, parOver).advice).changes).toMatchObject([{ to: 1 }, { vertexId: 'agg', to: 3 }]);
  });

  it('counts the TaskManagers that become empty', () => {
    const four: JobSpec = {
      ...job.OVER_PROVISIONED,
      taskManagers: [{ slots: 1 }, { slots: 1 }, { slots: 1 }, { slots: 1 }],
    };
    expect(only(judged(four, parOver).advice).cost).toMatchObject({ slots: -3, taskManagers: -3 });
  });
});
