import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, nowOf, type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { judge } from '../../analyzer/testing/judge.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { srcLagGrowing } from './src-lag-growing.js';

const lag = (value: NonNullable<VertexSpec['lag']>): JobSpec =>
  vary(job.TOO_SLOW, { vertices: { src: { lag: value } } });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the source that falls behind (L54)', job.TOO_SLOW, 'warning src'],
  ['is critical when it is more than five minutes behind', lag([200_000, 200]), 'critical src'],
  ['is a warning at just five minutes of input', lag((s) => 180_000 - 200 * (300 - s)), 'warning src'],
  ['is critical at ten seconds more', lag([126_000, 200]), 'critical src'],
  ['is quiet while the lag falls (L55)', job.CATCHING_UP, 'clear'],
  ['is quiet while it stands', lag([24_000, 0]), 'clear'],
  ['is quiet when it grows slower than 3 % of the input: noise', lag([24_000, 11]), 'clear'],
  ['fires when it grows faster', lag([24_000, 14]), 'warning src'],
  ['is quiet when less than three seconds of input wait', lag([0, 3]), 'clear'],
  ['is quiet about a saw tooth of commits', lag((s) => 20_000 + (s % 30) * 200), 'clear'],
  ['is quiet about a single burst', lag((s) => (s > 250 && s < 280 ? 60_000 : 5_000)), 'clear'],
  [
    'fires on a source that fetches too slowly although nothing is busy (L56)',
    vary(job.HEALTHY, { vertices: { src: { lag: [44_000, 399] } } }),
    'warning src',
  ],
  ['is skipped for a batch job', { ...job.TOO_SLOW, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.TOO_SLOW, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.TOO_SLOW, samples: 2 }, WARMING_UP],
];

describe('src-lag-growing', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, srcLagGrowing);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [srcLagGrowing])).toEqual([]);
  });

  it.each([
    ['more arrives than usual', 300, 'the load has grown'],
    ['as much arrives as usual', 600, 'the job has become slower'],
    ['it is somewhere between', 450, undefined],
  ])('says beside the kept weeks when %s', (_when, usualPerSecond, said) => {
    const season = {
      vertexId: 'src',
      spanMs: 21 * 86_400_000,
      knownHours: 168,
      recordsPerSecondMax: 900,
      usualPerSecond: new Float32Array(168).fill(usualPerSecond),
    };
    const spec: JobSpec = { ...job.TOO_SLOW, history: { seasons: new Map([['src', season]]) } };
    const { summary, evidence } = only(judged(spec, srcLagGrowing).findings);
    if (said === undefined) expect(summary.en).not.toMatch(/hour of the week/);
    else expect(summary.en).toContain(said);
    expect(evidence.find(({ signal }) => signal === 'usualThisHourPerSecond')?.value).toBe(usualPerSecond);
  });

  it('is skipped, not clear, where no source tells its lag', () => {
    const blind: JobSpec = { vertices: { src: { parallelism: 2, out: 200 } } };
    expect(verdictOf(judged(blind, srcLagGrowing))).toMatch(/^skipped: /);
  });

  it('tells what arrives, what is read and how far it is behind', () => {
    const { title, summary, evidence } = only(judged(job.TOO_SLOW, srcLagGrowing).findings);
    expect(title.en).toBe('src falls behind by 200 records every second');
    expect(summary.en).toContain(
      '84k records wait, 2 min of its input (measured). 600/s arrive, 400/s are read'.replace(' (measured)', ''),
    );
    expect(evidence.map(({ signal, value }) => [signal, Math.round(value)])).toEqual([
      ['lagSlope', 200],
      ['lagSlopeLow', 200],
      ['lagSlopeHigh', 200],
      ['lagRecords', 84_000],
      ['lagSeconds', 140],
    ]);
  });

  it('says that it will not catch up, and how fast it falls behind at least and at most', () => {
    const said = (wave: number): string =>
      only(
        judged(
          lag((s) => 24_000 + 200 * s + wave * Math.sin(s / 17)),
          srcLagGrowing,
        ).findings,
      ).summary.en;
    expect(said(0)).toContain('It will not catch up at the present rates: 200 more wait every second.');
    expect(said(300)).toMatch(/present rates: 1\d\d to 2\d\d more wait every second\.$/);
    expect(said(8000)).toMatch(/does not catch up; the rates waver too much to be sure\.$/);
  });

  it('takes another limit from the configuration', () => {
    const history = historyOf(job.TOO_SLOW);
    const strict = judge(history, [srcLagGrowing], nowOf(history), { 'src-lag-growing': { criticalSeconds: 100 } });
    expect(verdictOf(strict)).toBe('critical src');
  });

  it('gives no advice: what holds the source back is another finding', () => {
    expect(judged(job.TOO_SLOW, srcLagGrowing).advice).toEqual([]);
  });

  it('judges each source by itself', () => {
    const two: JobSpec = {
      vertices: {
        a: { parallelism: 2, out: 200, lag: [30_000, 100] },
        b: { parallelism: 2, out: 200, lag: [5, 0] },
      },
    };
    expect(verdictOf(judged(two, srcLagGrowing))).toBe('warning a');
  });

  it('names the evidence by the series that shows it', () => {
    const { evidence } = only(judged(job.TOO_SLOW, srcLagGrowing).findings);
    expect(must(evidence[0]).series).toEqual({ metric: 'pendingRecords', vertexId: 'src' });
  });
});
