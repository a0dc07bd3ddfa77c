import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptUnalignedBloat } from './ckpt-unaligned-bloat.js';

const MIB = 1024 * 1024;
const flight = (
  persistedMib: number | undefined,
  stateMib: number,
  more: Partial<JobSpec> = {},
  count = 5,
): JobSpec => ({
  ...job.HEALTHY,
  checkpointing: { unaligned: true },
  checkpoints: Array.from({ length: count }, () => ({
    durationMs: 2000,
    stateBytes: stateMib * MIB,
    ...(persistedMib === undefined ? {} : { persistedBytes: persistedMib * MIB }),
  })),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when half of it is in flight', flight(150, 300), 'warning job'],
  ['fires on a GiB whatever the state', flight(1024, 50_000), 'warning job'],
  ['is quiet about small state, all of it in flight (L31)', flight(0.5, 0.5), 'clear'],
  ['is quiet just below the floor', flight(99, 100), 'clear'],
  ['is quiet when the state is most of it', flight(149, 300), 'clear'],
  ['is quiet about aligned checkpoints', flight(2000, 300, { checkpointing: {} }), 'clear'],
  ['is quiet on two of them', flight(2000, 300, {}, 2), 'clear'],
  [
    'is skipped where Flink does not tell',
    flight(undefined, 300),
    'skipped: persisted_data of the checkpoints is not told by this Flink',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ckpt-unaligned-bloat', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptUnalignedBloat);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptUnalignedBloat])).toEqual([]);
  });
});
