import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptUnalignedCandidate } from './ckpt-unaligned-candidate.js';

const wait = (start: number, align: number, async: number, more: Partial<JobSpec> = {}, count = 5): JobSpec => ({
  ...job.HEALTHY,
  checkpoints: Array.from({ length: count }, () => ({ phases: { agg: { start, align, async } } })),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when barriers wait together for 70 % of half a minute', wait(15_000, 15_000, 5000), 'info job'],
  ['is quiet below 30 s', wait(15_000, 14_000, 900), 'clear'],
  ['is quiet when the upload is what takes long', wait(10_000, 10_000, 12_000), 'clear'],
  ['is quiet on two of them', wait(30_000, 10_000, 0, {}, 2), 'clear'],
  ['is quiet when it is on', wait(30_000, 10_000, 0, { checkpointing: { unaligned: true } }), 'clear'],
  [
    'is quiet at least once: Flink has none there',
    wait(30_000, 10_000, 0, { checkpointing: { mode: 'at_least_once' } }),
    'clear',
  ],
  ['is quiet when several run at once', wait(30_000, 10_000, 0, { checkpointing: { maxConcurrent: 2 } }), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ckpt-unaligned-candidate', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptUnalignedCandidate);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptUnalignedCandidate])).toEqual([]);
  });

  it.each([
    ['1.13.6', 'execution.checkpointing.alignment-timeout'],
    ['2.3.0', 'execution.checkpointing.aligned-checkpoint-timeout'],
  ])('names the timeout as Flink %s does', (flink, key) => {
    const { advice } = judged(wait(30_000, 10_000, 0, { flink }), ckptUnalignedCandidate);
    expect(advice.flatMap(({ changes }) => changes.map((change) => change.key))).toContain(key);
  });
});
