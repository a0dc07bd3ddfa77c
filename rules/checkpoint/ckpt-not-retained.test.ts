import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import type { CheckpointConfig } from '../../collector/model/index.js';
import { ckptNotRetained } from './ckpt-not-retained.js';

const GIB = 1024 ** 3;
const state = (gib: number, checkpointing: Partial<CheckpointConfig>): JobSpec => ({
  ...job.HEALTHY,
  checkpointing,
  checkpoints: [{ stateBytes: gib * GIB }],
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when a GiB would go with the job', state(1, { externalized: false }), 'info job'],
  ['fires when it is kept on failure only', state(1, { externalized: true, deleteOnCancellation: true }), 'info job'],
  ['is quiet when it is kept', state(1, { externalized: true, deleteOnCancellation: false }), 'clear'],
  ['is quiet about little state with the default', state(0.9, { externalized: false }), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ckpt-not-retained', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptNotRetained);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptNotRetained])).toEqual([]);
  });

  it('advises to retain', () => {
    expect(
      judged(state(1, { externalized: false }), ckptNotRetained).advice.flatMap(({ changes }) => changes),
    ).toMatchObject([
      { key: 'execution.checkpointing.externalized-checkpoint-retention', to: 'RETAIN_ON_CANCELLATION' },
    ]);
  });
});
