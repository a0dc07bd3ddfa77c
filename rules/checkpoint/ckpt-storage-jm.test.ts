import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptStorageJm } from './ckpt-storage-jm.js';

const MIB = 1024 * 1024;
const held = (mib: number, more: Partial<JobSpec> = {}, storage = 'JobManagerCheckpointStorage'): JobSpec => ({
  ...job.HEALTHY,
  samples: 361,
  checkpointing: { checkpointStorage: storage },
  checkpoints: [{ at: 3000, stateBytes: mib * MIB }],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a MiB of state after an hour', held(1), 'info job'],
  ['is quiet about less', held(0.9), 'clear'],
  ['is quiet in the first hour', held(5, { samples: 359 }), 'clear'],
  ['is quiet about files', held(5, {}, 'FileSystemCheckpointStorage'), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ckpt-storage-jm', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptStorageJm);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptStorageJm])).toEqual([]);
  });
});
