import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { haMissing } from './ha-missing.js';

const GIB = 1024 ** 3;
const DAY = 8641;
const big = (configuration: JobSpec['configuration'], more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: { src: { parallelism: 1, out: 1, readEvery: 600 } },
  samples: DAY,
  checkpoints: [{ at: 60, stateBytes: GIB }],
  configuration: configuration ?? {},
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires after a day with a GiB of state', big({ a: 'b' }), 'info job'],
  ['is quiet in the first day', big({ a: 'b' }, { samples: 100 }), 'clear'],
  ['is quiet about little state', big({ a: 'b' }, { checkpoints: [{ at: 60, stateBytes: GIB / 2 }] }), 'clear'],
  ['is quiet on Kubernetes HA', big({ 'high-availability.type': 'kubernetes' }), 'clear'],
  ['reads the old name', big({ 'high-availability': 'zookeeper' }), 'clear'],
  ['is skipped without a configuration', big({}), 'skipped: the configuration was not read yet'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ha-missing', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, haMissing);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [haMissing])).toEqual([]);
  });
});
