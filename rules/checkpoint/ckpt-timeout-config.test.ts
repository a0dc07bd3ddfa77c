import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptTimeoutConfig } from './ckpt-timeout-config.js';

const near = (slowestMs: number, timeoutMs = 60_000): JobSpec => ({
  ...job.HEALTHY,
  checkpointing: { timeoutMs },
  checkpoints: Array.from({ length: 6 }, (_, i) => ({ durationMs: i === 2 ? slowestMs : 1000 })),
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when the slowest took more than half of it', near(30_001), 'info job'],
  ['is quiet at half', near(30_000), 'clear'],
  ['is quiet with the default of ten minutes', near(200_000, 600_000), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is quiet on a right-sized job',
    job.RIGHT_SIZED,
    'skipped: fewer than five checkpoints have completed since the tasks run',
  ],
];

describe('ckpt-timeout-config', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptTimeoutConfig);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptTimeoutConfig])).toEqual([]);
  });

  it('advises three times the slowest', () => {
    expect(judged(near(40_000), ckptTimeoutConfig).advice.flatMap(({ changes }) => changes)).toMatchObject([
      { key: 'execution.checkpointing.timeout', from: '60 s', to: '120 s' },
    ]);
  });
});
