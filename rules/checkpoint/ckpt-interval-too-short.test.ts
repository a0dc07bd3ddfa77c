import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { historyOf, type CheckpointSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { RULES } from '../index.js';
import { ckptIntervalTooShort } from './ckpt-interval-too-short.js';

const every = (seconds: number, checkpoint: CheckpointSpec, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  checkpoints: Array.from({ length: 10 }, (_, i) => ({ ...checkpoint, at: 60 + i * seconds })),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when half of the time has a checkpoint under way', every(10, { durationMs: 5000 }), 'warning job'],
  ['is quiet just below', every(10, { durationMs: 4900 }), 'clear'],
  [
    'fires when snapshots stop the job for a tenth of the time',
    every(5, { phases: { agg: { sync: 500 } } }),
    'warning job',
  ],
  [
    'does not take two known snapshots for a habit',
    {
      ...job.HEALTHY,
      checkpoints: Array.from({ length: 10 }, (_, i) => ({
        at: 60 + i * 5,
        ...(i < 8 ? {} : { phases: { agg: { sync: 500 } } }),
      })),
    },
    'clear',
  ],
  ['is quiet when they stop it for less', every(5, { phases: { agg: { sync: 480 } } }), 'clear'],
  ['is quiet about long checkpoints far apart', every(20, { durationMs: 5000 }), 'clear'],
  [
    'needs five of them',
    { ...job.HEALTHY, checkpoints: every(10, { durationMs: 9000 }).checkpoints?.slice(0, 4) ?? [] },
    'skipped: fewer than five checkpoints have completed since the tasks run',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is quiet on a right-sized job',
    job.RIGHT_SIZED,
    'skipped: fewer than five checkpoints have completed since the tasks run',
  ],
];

describe('ckpt-interval-too-short', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptIntervalTooShort);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptIntervalTooShort])).toEqual([]);
  });

  it('advises an interval of twice the duration, with a pause', () => {
    const advice = judged(every(10, { durationMs: 9000 }), ckptIntervalTooShort).advice;
    expect(advice.flatMap(({ changes }) => changes).map(({ key, to }) => [key, to])).toEqual([
      ['execution.checkpointing.interval', '18 s'],
      ['execution.checkpointing.min-pause', '9 s'],
    ]);
  });

  it('is folded under the bottleneck that its barriers wait for', () => {
    const slow = {
      ...job.SLOW_LOOKUP,
      checkpoints: every(15, { phases: { map: { start: 14_000 } } }).checkpoints ?? [],
    };
    const { findings } = live(historyOf(slow), RULES).last;
    expect(findings.find(({ rule }) => rule === 'ckpt-interval-too-short')?.role).toBe('symptom');
  });
});
