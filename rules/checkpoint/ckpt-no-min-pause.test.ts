import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import type { CheckpointConfig } from '../../collector/model/index.js';
import { ckptNoMinPause } from './ckpt-no-min-pause.js';

const some = (slowMs: number, more: Partial<CheckpointConfig> = {}): JobSpec => ({
  ...job.HEALTHY,
  checkpointing: { intervalMs: 20_000, ...more },
  checkpoints: Array.from({ length: 10 }, (_, i) => ({ at: 60 + i * 20, durationMs: i % 3 === 1 ? slowMs : 500 })),
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when slow ones take most of the interval', some(15_000), 'info job'],
  ['is quiet when they take less than half', some(9_900), 'clear'],
  ['is quiet with a pause', some(15_000, { minPauseMs: 1000 }), 'clear'],
  ['leaves constant overlap to ckpt-interval-too-short', some(40_000), 'clear'],
  [
    'is skipped without checkpoints',
    { ...job.HEALTHY, checkpoints: [] },
    'skipped: fewer than five checkpoints have completed since the tasks run',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is quiet on a right-sized job',
    job.RIGHT_SIZED,
    'skipped: fewer than five checkpoints have completed since the tasks run',
  ],
];

describe('ckpt-no-min-pause', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptNoMinPause);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptNoMinPause])).toEqual([]);
  });

  it('advises half of the interval or one duration, the longer', () => {
    expect(judged(some(15_000), ckptNoMinPause).advice.flatMap(({ changes }) => changes)).toMatchObject([
      { key: 'execution.checkpointing.min-pause', to: '15 s' },
    ]);
  });
});
