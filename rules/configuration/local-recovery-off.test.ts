import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { localRecoveryOff } from './local-recovery-off.js';

const GIB = 1024 ** 3;
const state = (gib: number, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  checkpoints: [{ stateBytes: gib * GIB }],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires from 10 GiB', state(10), 'info job'],
  ['is quiet below', state(9.9), 'clear'],
  ['is quiet when it is on', state(20, { configuration: { 'state.backend.local-recovery': 'true' } }), 'clear'],
  ['is quiet with unaligned checkpoints', state(20, { checkpointing: { unaligned: true } }), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('local-recovery-off', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, localRecoveryOff);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [localRecoveryOff])).toEqual([]);
  });
});
