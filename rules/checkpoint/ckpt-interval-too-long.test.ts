import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { vary } from '../../analyzer/testing/claims.js';
import { ckptIntervalTooLong } from './ckpt-interval-too-long.js';

const rare = (intervalMs: number, out: number, checkpoints: JobSpec['checkpoints'] = []): JobSpec =>
  vary(job.HEALTHY, { vertices: { src: { out } }, checkpointing: { intervalMs }, checkpoints });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 30 minutes at 1000 records/s', rare(1_800_000, 500), 'info job'],
  ['is quiet at ten minutes', rare(600_000, 5000), 'clear'],
  ['is quiet when little comes in', rare(1_800_000, 490), 'clear'],
  [
    'is quiet when checkpoints are so long that the interval must be',
    rare(
      1_800_000,
      5000,
      Array.from({ length: 5 }, (_, i) => ({ at: 20 + i * 5, durationMs: 500_000 })),
    ),
    'clear',
  ],
  ['is quiet where checkpoints are off', { ...rare(1_800_000, 5000), checkpointing: 'off' }, 'clear'],
  [
    'is skipped while tasks are deployed',
    { ...rare(1_800_000, 5000), tasks: 'DEPLOYING' },
    'skipped: not all tasks are running',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ckpt-interval-too-long', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptIntervalTooLong);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptIntervalTooLong])).toEqual([]);
  });

  it('advises at most ten minutes', () => {
    expect(judged(rare(1_800_000, 500), ckptIntervalTooLong).advice.flatMap(({ changes }) => changes)).toMatchObject([
      { key: 'execution.checkpointing.interval', from: '1800 s', to: '14 s' },
    ]);
  });
});
