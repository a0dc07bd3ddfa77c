import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec, VertexSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { srcCatchup } from './src-catchup.js';

const lag = (value: NonNullable<VertexSpec['lag']>): JobSpec =>
  vary(job.CATCHING_UP, { vertices: { src: { lag: value } } });
const two = (other: readonly [number, number]): JobSpec => ({
  vertices: {
    a: { parallelism: 2, out: 300, lag: [200_000, -400] },
    b: { parallelism: 2, out: 200, lag: other },
  },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the source that catches up (L55)', job.CATCHING_UP, 'info src'],
  ['is quiet while the lag grows (L54)', job.TOO_SLOW, 'clear'],
  ['is quiet while it stands', lag([80_000, 0]), 'clear'],
  ['is quiet when it falls slower than 3 % of the input', lag([80_000, -15]), 'clear'],
  ['is quiet when less than three seconds of input wait', lag((s) => 900 - s), 'clear'],
  ['is quiet when another source falls behind: the job does not catch up', two([30_000, 100]), 'clear'],
  ['fires when the other one keeps up', two([4, 0]), 'info a'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', { ...job.CATCHING_UP, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.CATCHING_UP, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.CATCHING_UP, samples: 2 }, WARMING_UP],
];

describe('src-catchup', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, srcCatchup);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [srcCatchup])).toEqual([]);
  });

  it('is skipped, not clear, where no source tells its lag', () => {
    const blind: JobSpec = { vertices: { src: { parallelism: 2, out: 200 } } };
    expect(verdictOf(judged(blind, srcCatchup))).toMatch(/^skipped: /);
  });

  it('says when it is done: what waits over how fast it falls', () => {
    // 200 000 − 400 · 300 = 80 000 left, 400 fewer a second: 200 s.
    expect(only(judged(job.CATCHING_UP, srcCatchup).findings).title.en).toBe('src catches up: done in about 3 min');
    expect(only(judged(lag([140_000, -400]), srcCatchup).findings).title.en).toBe('src catches up: done in about 50 s');
  });

  /** A backlog that falls by so much a second, and wavers. */
  const wavering = (perSecond: number, records: number) =>
    only(
      judged(
        lag((s) => 400_000 - perSecond * s + records * Math.sin(s / 17)),
        srcCatchup,
      ).findings,
    );

  it('says between when and when, where it falls unevenly, and in figures', () => {
    const { title, evidence } = wavering(400, 800);
    expect(title.en).toMatch(/^src catches up: done in \d+(\.\d)? to \d+(\.\d)? min$/);
    expect(title['zh-CN']).toMatch(/：\d+(\.\d)? 至 \d+(\.\d)? min 后完成$/);
    const value = (signal: string): number => must(evidence.find((item) => item.signal === signal)).value;
    expect(value('caughtUpInLowMs')).toBeLessThan(value('caughtUpInMs'));
    expect(value('caughtUpInMs')).toBeLessThan(value('caughtUpInHighMs'));
  });

  it('says no time where it may as well stop falling', () => {
    const { title, summary } = wavering(100, 8000);
    expect(title.en).toBe('src catches up');
    expect(summary.en).toContain('too unevenly to say whether it will be done');
    expect(summary['zh-CN']).toContain('无法判断能否追上');
  });

  it('has nothing to change', () => {
    expect(judged(job.CATCHING_UP, srcCatchup).advice).toEqual([]);
  });
});
