import { describe, expect, it } from 'vitest';
import { BATCH, NOT_RUNNING, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { stateGrowth } from './state-growth.js';

const MIB = 1024 ** 2;
/** A checkpoint a minute from the second hour on: its size in MiB and its length in ms by minute. */
const state = (
  mib: (minute: number) => number,
  ms: (minute: number) => number = () => 1000,
  more: Partial<JobSpec> = {},
): JobSpec => ({
  ...job.HEALTHY,
  samples: 600,
  checkpoints: Array.from({ length: 36 }, (_, i) => ({
    at: 3660 + i * 60,
    stateBytes: mib(i) * MIB,
    durationMs: ms(i),
  })),
  ...more,
});
const FEW =
  'skipped: the trend of the state needs 24 completed checkpoints over 30 min, from 60 min after the start on';

/** A checkpoint every ten seconds of the first five minutes: its size in MiB by second. */
const young = (mib: (second: number) => number): JobSpec => ({
  ...job.HEALTHY,
  samples: 60,
  checkpoints: Array.from({ length: 30 }, (_, i) => ({ at: 10 + i * 10, stateBytes: mib(10 + i * 10) * MIB })),
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a word while no timeout is near', state((minute) => 1000 + 5 * minute), 'info job'],
  [
    'is critical when the timeout comes within a day',
    state(
      (minute) => 1000 + 5 * minute,
      (minute) => 60_000 + 1000 * minute,
    ),
    'critical job',
  ],
  [
    'is a warning when it comes within a week',
    state(
      (minute) => 1000 + 5 * minute,
      (minute) => 60_000 + 100 * minute,
    ),
    'warning job',
  ],
  ['is quiet when it stays', state(() => 1000), 'clear'],
  ['is quiet when it grows little', state((minute) => 1000 + minute), 'clear'],
  ['is quiet when it levels off', state((minute) => 1000 + 200 * (1 - Math.exp(-minute / 8))), 'clear'],
  ['is quiet when windows fill and empty', state((minute) => 1000 + 200 * Math.sin(minute)), 'clear'],
  ['is quiet about little state', state((minute) => 50 + minute), 'clear'],
  [
    'is skipped in the first hour, in which windows fill',
    state((minute) => 1000 + 5 * minute, undefined, {
      samples: 360,
      checkpoints: Array.from({ length: 40 }, (_, i) => ({ at: 60 * i, stateBytes: (1000 + 5 * i) * MIB })),
    }),
    FEW,
  ],
  ['is a word in the first hour when it grows fast and straight (L40)', young((s) => 1 + 0.037 * s), 'info job'],
  ['is not, while it levels off (L41)', young((s) => 13 * (1 - Math.exp(-s / 40))), FEW],
  ['is not, where it grows by less than a gibibyte a day', young((s) => 1 + 0.01 * s), FEW],
  ['is not, where most of it was there at the start', young((s) => 100 + 0.037 * s), FEW],
  ['is not, while windows fill and empty', young((s) => 10 + 0.05 * (s % 90)), FEW],
  ['is skipped for a batch job', state(() => 1000, undefined, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', state(() => 1000, undefined, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, FEW],
];

describe('state-growth', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, stateGrowth);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [stateGrowth])).toEqual([]);
  });

  const rising = (ms: (minute: number) => number, more: Partial<JobSpec> = {}) =>
    only(
      judged(
        state((minute) => 1000 + 5 * minute, ms, more),
        stateGrowth,
      ).findings,
    );

  it('tells the date at which a checkpoint takes as long as it may', () => {
    const { title, summary } = rising((minute) => 60_000 + 1000 * minute);
    // 95 s at 01:36, 1 s more a minute, 600 s allowed: 505 minutes later; it is 01:40.
    expect(title.en).toBe('The state grows; checkpoints reach their timeout in about 8.35 h');
    expect(summary.en).toContain('and its timeout of 10 min at 2026-01-01 10:01 UTC.');
  });

  it('tells between when and when, where they are uneven, and in figures', () => {
    const uneven = (minute: number): number => 60_000 + 1000 * minute + 6000 * Math.sin(minute * 2.3);
    const { title, summary, evidence } = rising(uneven);
    expect(title.en).toMatch(/reach their timeout in 7\.\d to [89]\.\d h$/);
    expect(title['zh-CN']).toMatch(/检查点7\.\d 至 [89]\.\d h 后达到超时$/);
    expect(summary.en).toMatch(/at 2026-01-01 09:\d\d to 1[01]:\d\d UTC/);
    const [inMs, lowMs, highMs] = ['timeoutInMs', 'timeoutInLowMs', 'timeoutInHighMs'].map(
      (signal) => must(evidence.find((item) => item.signal === signal)).value,
    );
    expect(must(lowMs)).toBeLessThan(must(inMs));
    expect(must(inMs)).toBeLessThan(must(highMs));
  });

  it('tells no date where they go up in a wave: it may be any', () => {
    const wave = (minute: number): number => 60_000 + 600 * minute + 8000 * Math.sin(minute / 4 - 2);
    const { title } = rising(wave);
    expect(title.en).toBe('The state grows by 300 MiB an hour, and checkpoints take longer');
  });

  it('tells which part of a checkpoint grows, and where', () => {
    const spec = state((minute) => 1000 + 5 * minute);
    const checkpoints = must(spec.checkpoints).map(({ at, stateBytes }, i) => ({
      at: must(at),
      stateBytes: must(stateBytes),
      phases: { agg: { start: 50, async: 60_000 + 1000 * i }, map: { start: 40, async: 900 } },
    }));
    const { summary } = only(judged({ ...spec, checkpoints }, stateGrowth).findings);
    expect(summary.en).toContain('What grows is the asynchronous upload, at agg.');
    expect(summary['zh-CN']).toContain('增长的是 agg 的异步上传耗时。');
  });

  it('advises no TTL: a wrong one gives wrong results', () => {
    expect(
      judged(
        state((minute) => 1000 + 5 * minute),
        stateGrowth,
      ).advice,
    ).toEqual([]);
  });
});
