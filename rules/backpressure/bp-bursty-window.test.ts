import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { bpBurstyWindow } from './bp-bursty-window.js';

const change = (vertices: Readonly<Record<string, Partial<VertexSpec>>>): JobSpec =>
  vary(job.BURSTY_WINDOW, { vertices });
const pressed = (bp: number): JobSpec => change({ src: { bp } });
const checkpoints: JobSpec['checkpoints'] = [{ phases: { win: { async: 5 } } }];
const every = (seconds: number): JobSpec => ({
  ...job.BURSTY_WINDOW,
  checkpoints,
  checkpointing: { intervalMs: seconds * 1000 },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the window that fires in bursts (L14)', job.BURSTY_WINDOW, 'warning win'],
  ['is a warning from a pressure of .3 on', pressed(0.31), 'warning win'],
  ['is an info just below: nothing waits', pressed(0.29), 'info win'],
  ['is quiet about a constant load of the same mean', change({ win: { busy: 0.49, in: 258 } }), 'clear'],
  ['is quiet about records that come in bursts', change({ win: { in: (s) => (s % 30 === 10 ? 700 : 20) } }), 'clear'],
  ['is quiet while a backlog is worked off', change({ src: { lag: [200_000, -400] } }), 'clear'],
  [
    'is quiet about a snapshot of 3 s each 10 s (L33)',
    vary(job.HEALTHY, { vertices: { agg: { busy: 0.35 } } }),
    'clear',
  ],
  ['leaves a slow lookup to its own rule', job.SLOW_LOOKUP, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is skipped where only gauges are told',
    { ...job.BURSTY_WINDOW, flink: '1.15.4' },
    'skipped: before Flink 1.16 there are no accumulated busy times, and gauges do not show bursts',
  ],
  ['is skipped for a batch job', { ...job.BURSTY_WINDOW, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.BURSTY_WINDOW, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.BURSTY_WINDOW, samples: 3 }, WARMING_UP],
];

describe('bp-bursty-window', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpBurstyWindow);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpBurstyWindow])).toEqual([]);
  });

  it('says how long, how often and how full', () => {
    const { title, summary } = only(judged(job.BURSTY_WINDOW, bpBurstyWindow).findings);
    expect(title.en).toMatch(/^win works in bursts: 1[45](\.\d)? s of every 30 s$/);
    expect(summary.en).toMatch(/^On average it is (49|50) % busy/);
  });

  it('points at checkpoints where they have the same period', () => {
    const said = (spec: JobSpec): boolean =>
      only(judged(spec, bpBurstyWindow).findings).summary.en.includes('as often as a checkpoint');
    expect([said(every(30)), said(every(10))]).toEqual([true, false]);
  });

  it('is the one root (L14)', () => {
    const { findings } = live(historyOf(job.BURSTY_WINDOW), RULES).last;
    const told = findings.filter(({ severity, basis }) => severity !== 'info' && basis === 'measured');
    expect(told.map(({ rule, role }) => [rule, role])).toEqual([['bp-bursty-window', 'root']]);
  });
});
