import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import * as trace from '../../analyzer/testing/traces.js';
import { ckptTolerableZero } from './ckpt-tolerable-zero.js';

const fell = (at: number, text: string, tolerableFailures = 0): JobSpec => ({
  ...job.HEALTHY,
  checkpointing: { tolerableFailures },
  exceptions: [{ at, trace: text }],
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when a failed checkpoint took the job down (L38)', fell(200, trace.TOLERANCE), 'warning job'],
  ['fires with a tolerance of two', fell(200, trace.TOLERANCE, 2), 'warning job'],
  ['is quiet when three were tolerated', fell(200, trace.TOLERANCE, 3), 'clear'],
  ['is quiet about other failures', fell(200, trace.userFailure(1)), 'clear'],
  [
    'is quiet about the default as long as nothing falls',
    { ...job.HEALTHY, checkpointing: { tolerableFailures: 0 } },
    'clear',
  ],
  ['forgets it after ten minutes', { ...fell(10, trace.TOLERANCE), samples: 63 }, 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ckpt-tolerable-zero', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptTolerableZero);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptTolerableZero])).toEqual([]);
  });

  it('advises to tolerate three', () => {
    expect(
      judged(fell(200, trace.TOLERANCE), ckptTolerableZero).advice.flatMap(({ changes }) => changes),
    ).toMatchObject([{ key: 'execution.checkpointing.tolerable-failed-checkpoints', from: 0, to: 3 }]);
  });
});
