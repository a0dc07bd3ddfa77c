import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { wmSkew } from './wm-skew.js';

const NO_EVENT_TIME = 'skipped: the job has no event time: no task tells a watermark';
const b = (more: Partial<VertexSpec>): JobSpec => vary(job.HOUR_APART, { vertices: { b: more } });
const behindBy = (seconds: number): JobSpec => b({ watermark: (s) => s * 1000 - 2000 - seconds * 1000 });
const drift = { 'Source__x.watermarkAlignmentDrift': 0 };
const flat = (spec: JobSpec): JobSpec => ({
  ...spec,
  checkpoints: (spec.checkpoints ?? []).map(() => ({ phases: { j: { bytes: 9_000_000 } } })),
});
const withoutSign = vary(flat(job.HOUR_APART), { vertices: { j: { metrics: {} } } });
const oneOfFour = vary(job.EVENT_TIME, {
  vertices: { src: { watermark: (s, subtask) => s * 1000 - (subtask === 2 ? 900_000 : 2000) } },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the source that is behind (L51)', job.HOUR_APART, 'warning b'],
  ['fires from five minutes on', behindBy(300), 'warning b'],
  ['is quiet just below', behindBy(299), 'clear'],
  ['names the reader that is behind within a source', oneOfFour, 'info src[2]'],
  ['is an info where the state does not grow', flat(job.HOUR_APART), 'info b'],
  ['is an info where nobody is seen to use event time', withoutSign, 'info b'],
  [
    'is quiet about a gap that closes within the hour',
    b({ watermark: (s) => s * 1000 - 3_600_000 + 1500 * s }),
    'clear',
  ],
  ['is quiet while a backlog is worked off', b({ lag: [200_000, -400] }), 'clear'],
  [
    'is quiet where alignment limits it',
    vary(job.HOUR_APART, { vertices: { a: { metrics: drift }, b: { metrics: drift } } }),
    'clear',
  ],
  ['is quiet about a reader that is silent: another rule', job.SILENT_READER, 'clear'],
  ['is quiet about event time that stands: another rule', b({ watermark: () => -3_600_000 }), 'clear'],
  ['is quiet in the first two minutes', { ...job.HOUR_APART, samples: 11 }, 'clear'],
  ['is quiet about a healthy job', job.EVENT_TIME, 'clear'],
  ['is skipped without event time', job.HEALTHY, NO_EVENT_TIME],
  ['is skipped for a batch job', { ...job.HOUR_APART, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.HOUR_APART, tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('wm-skew', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wmSkew);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wmSkew])).toEqual([]);
  });

  it('advises alignment, where this Flink has it', () => {
    const { title, changes, expected } = only(judged(job.HOUR_APART, wmSkew).advice);
    expect(title.en).toBe('Let the faster reader wait: align event time within 5 min');
    expect(changes.map(({ vertexId, to }) => [vertexId, to])).toEqual([
      ['a', '.withWatermarkAlignment("aligned", Duration.ofMinutes(5))'],
      ['b', '.withWatermarkAlignment("aligned", Duration.ofMinutes(5))'],
    ]);
    expect([expected[0]?.from, expected[0]?.to]).toEqual([3_600_000, 300_000]);
    expect(only(judged(behindBy(900), wmSkew).advice).expected[0]?.from).toBe(900_000);
    expect(judged({ ...job.HOUR_APART, flink: '1.14.6' }, wmSkew).advice).toEqual([]);
    expect(judged(behindBy(300), wmSkew).advice).toEqual([]);
  });

  it('is the one root (L51)', () => {
    const roots = live(historyOf(job.HOUR_APART), RULES).last.findings.filter(
      ({ role, severity, basis }) => role === 'root' && severity !== 'info' && basis === 'measured',
    );
    expect(roots.map(({ rule }) => rule)).toEqual(['wm-skew']);
  });
});
