import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { wmAlignmentStall } from './wm-alignment-stall.js';

const drift = (ms: number | ((seconds: number) => number)): Partial<VertexSpec> => ({
  metrics: { 'Source__src.watermarkAlignmentDrift': ms },
});
const src = (more: Partial<VertexSpec>): JobSpec =>
  vary(job.HEALTHY, { vertices: { src: { lag: [44_000, 399], ...drift(30_000), ...more } } });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires where a source ahead of its group rests while its lag grows', src({}), 'warning src'],
  ['is critical more than five minutes behind', src({ lag: [400_000, 399] }), 'critical src'],
  ['is quiet just below the drift', src(drift(999)), 'clear'],
  ['fires from it on', src(drift(1000)), 'warning src'],
  ['is quiet about a drift that one look saw', src(drift((s) => (s >= 300 ? 30_000 : 0))), 'clear'],
  ['is quiet where alignment is not configured', src({ metrics: {} }), 'clear'],
  ['is quiet where nothing piles up: that is what alignment is for', src({ lag: [2, 0] }), 'clear'],
  ['is quiet under pressure', src({ bp: 0.5 }), 'clear'],
  ['is quiet about a healthy job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', { ...src({}), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...src({}), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('wm-alignment-stall', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wmAlignmentStall);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wmAlignmentStall])).toEqual([]);
  });

  it('is skipped, not clear, where no source tells its lag', () => {
    expect(verdictOf(judged({ vertices: { src: { parallelism: 2, out: 9 } } }, wmAlignmentStall))).toMatch(
      /^skipped: /,
    );
  });
});
