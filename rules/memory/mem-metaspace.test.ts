import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { must, only } from '../../analyzer/testing/must.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import * as trace from '../../analyzer/testing/traces.js';
import { memMetaspace } from './mem-metaspace.js';

describe('mem-metaspace', () => {
  it.each(failureClaims(trace.METASPACE, 'tm-1'))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memMetaspace);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memMetaspace])).toEqual([]);
  });

  it('changes exactly what the memory model asks for', () => {
    const advice = only(judged(fallen(trace.METASPACE, [100, 250]), memMetaspace).advice);
    expect(advice.changes.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['taskmanager.memory.jvm-metaspace.size', null, '512m'],
      ['taskmanager.memory.process.size', '1728m', '1984m'],
    ]);
  });

  it('follows the configuration: double of what is set', () => {
    const configuration = {
      'taskmanager.memory.jvm-metaspace.size': '512m',
      'taskmanager.memory.process.size': '4g',
    };
    const advice = only(judged(fallen(trace.METASPACE, [100, 250], { configuration }), memMetaspace).advice);
    expect(advice.changes.map(({ to }) => to)).toEqual(['1024m', '2240m']);
  });

  const full = (used: number, size: number): JobSpec => ({
    ...job.HEALTHY,
    taskManagers: [{ metaspace: { used, size } }],
  });
  it.each([
    ['is a warning before it runs out', full(232, 256), 'warning tm-1'],
    ['is quiet just below', full(229, 256), 'clear'],
    ['is quiet where its size is not told', job.HEALTHY, 'clear'],
    [
      'is quiet about a TaskManager of other jobs only: they tell',
      { ...job.HEALTHY, taskManagers: [{}, {}, { metaspace: { used: 250, size: 256 } }] },
      'clear',
    ],
    [
      'looks at all of them until it is known where the job runs',
      { ...job.HEALTHY, samples: 2, taskManagers: [{}, {}, { metaspace: { used: 250, size: 256 } }] },
      'warning tm-3',
    ],
  ])('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memMetaspace);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memMetaspace])).toEqual([]);
  });

  /** Metaspace by second, in MiB of 256, read for 40 minutes from the start of the process on. */
  const rising = (at: (s: number) => number): JobSpec => ({
    ...job.HEALTHY,
    samples: 240,
    taskManagers: [{ metaspace: { used: 0, size: 256 }, metaspaceAt: at }],
  });
  /** A submission every four minutes. */
  const stairs = (from: number, step: number) => (s: number) => from + step * Math.floor(s / 240);

  it.each([
    ['tells of a staircase before it is at the top', rising(stairs(60, 13)), 'info tm-1'],
    ['is quiet while it is low', rising(stairs(50, 12)), 'clear'],
    [
      'is quiet where it has not doubled: a collection may be due (1.65 times, JDK 17)',
      rising(stairs(120, 8)),
      'clear',
    ],
    ['is quiet where classes go', rising((s) => stairs(90, 13)(s % 1300)), 'clear'],
    ['is quiet about classes that are loaded once', rising((s) => Math.min(200, 40 + s / 2)), 'clear'],
    ['is quiet about one step', rising((s) => (s < 1000 ? 80 : 190)), 'clear'],
    ['is quiet where it stays on top', rising((s) => Math.min(185, stairs(60, 25)(s))), 'clear'],
  ])('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memMetaspace);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memMetaspace])).toEqual([]);
  });

  it('tells when the staircase reaches the top, and advises no higher ceiling', () => {
    const { findings, advice } = judged(rising(stairs(60, 13)), memMetaspace);
    // 60 + 10 steps of 13: 66 MiB, five steps of four minutes, are left.
    expect(only(findings).title.en).toBe('Metaspace rises step by step: full in about 20 min');
    expect(only(findings).title['zh-CN']).toBe('Metaspace 逐级上升：约 20 min 后耗尽');
    expect(advice).toEqual([]);
  });

  it('tells between when and when, where the steps are uneven', () => {
    const heights = [60, 69, 88, 94, 110, 118, 140, 148, 166, 176, 186];
    const uneven = (s: number): number => must(heights[Math.floor(s / 240)]);
    const { title } = only(judged(rising(uneven), memMetaspace).findings);
    expect(title.en).toMatch(/full in \d+ to \d+ min$/);
  });

  it('tells it also of one that is nearly full', () => {
    const { summary } = only(judged(rising(stairs(80, 16)), memMetaspace).findings);
    expect(summary.en).toMatch(/It rose in 10 steps: full (in|within) .+ min\.$/);
  });
});
