import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import type { CheckpointConfig } from '../../collector/model/index.js';
import { ckptConcurrent } from './ckpt-concurrent.js';

const several = (durationMs: number, checkpointing: Partial<CheckpointConfig>): JobSpec => ({
  ...job.HEALTHY,
  checkpointing: { maxConcurrent: 2, ...checkpointing },
  checkpoints: Array.from({ length: 6 }, () => ({ durationMs })),
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when they overlap', several(12_000, {}), 'info job'],
  ['is quiet when none takes as long as the interval', several(9000, {}), 'clear'],
  ['is quiet about one at a time', several(12_000, { maxConcurrent: 1 }), 'clear'],
  ['says that a pause makes it void', several(100, { minPauseMs: 500 }), 'info job'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ckpt-concurrent', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptConcurrent);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptConcurrent])).toEqual([]);
  });
});
