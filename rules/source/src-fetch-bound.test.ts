import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { srcFetchBound } from './src-fetch-bound.js';

const src = (more: Partial<VertexSpec>): JobSpec =>
  vary(job.HEALTHY, {
    vertices: { src: { out: 300, lag: [44_000, 399], ...more }, map: { in: 300 }, agg: { in: 300 } },
  });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a source that rests while its lag grows (L56)', src({}), 'warning src'],
  ['is critical more than five minutes behind', src({ lag: [400_000, 399] }), 'critical src'],
  ['fires at half idle', src({ busy: 0.49 }), 'warning src'],
  ['is quiet when it is busier than it rests', src({ busy: 0.51 }), 'clear'],
  ['is quiet when one reader is full and the others rest: that one is slow itself', src({ busy: [0.8, 0.1] }), 'clear'],
  ['fires just below', src({ busy: [0.79, 0.1] }), 'warning src'],
  ['is quiet under pressure: a bottleneck holds it back', src({ bp: 0.11 }), 'clear'],
  ['is quiet about a bottleneck downstream (L54)', job.TOO_SLOW, 'clear'],
  ['is quiet while the lag stands', src({ lag: [44_000, 0] }), 'clear'],
  ['is quiet while it falls', job.CATCHING_UP, 'clear'],
  [
    'is quiet where aligned event time pauses it',
    src({ metrics: { 'Source__src.watermarkAlignmentDrift': 30_000 } }),
    'clear',
  ],
  ['is quiet about a healthy job', job.HEALTHY, 'clear'],
  ['is quiet about a chained source that works (L18)', job.CHAINED, 'clear'],
  ['is skipped for a batch job', { ...src({}), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...src({}), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('src-fetch-bound', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, srcFetchBound);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [srcFetchBound])).toEqual([]);
  });

  it('is skipped, not clear, where no source tells its lag', () => {
    expect(verdictOf(judged({ vertices: { src: { parallelism: 2, out: 200 } } }, srcFetchBound))).toMatch(/^skipped: /);
  });

  it('names a quota where the broker tells it', () => {
    const throttled = src({ metrics: { 'Source__src.KafkaConsumer.fetch-throttle-time-avg': 250 } });
    expect(only(judged(throttled, srcFetchBound).findings).title.en).toBe(
      'src is throttled by the broker: 250 ms per fetch',
    );
  });

  it('is the root, and the growing lag its symptom', () => {
    const firing = live(historyOf(src({})), RULES).last.findings.filter(({ state }) => state === 'firing');
    const role = (id: string): string | undefined => firing.find(({ rule }) => rule === id)?.role;
    expect([role('src-fetch-bound'), role('src-lag-growing')]).toEqual(['root', 'symptom']);
  });
});
