import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { haStorageLocal } from './ha-storage-local.js';

const ha = (storageDir: string, hosts: readonly string[] = ['a', 'b'], type = 'zookeeper'): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: hosts.map((host) => ({ host })),
  configuration: { 'high-availability.type': type, 'high-availability.storageDir': storageDir },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a local path with two machines', ha('file:///tmp/ha'), 'info job'],
  ['fires on a bare path', ha('/var/ha'), 'info job'],
  ['is quiet on object storage', ha('s3://bucket/ha'), 'clear'],
  ['is quiet on one machine', ha('file:///tmp/ha', ['a', 'a']), 'clear'],
  ['is quiet without high availability', ha('file:///tmp/ha', ['a', 'b'], 'NONE'), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ha-storage-local', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, haStorageLocal);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [haStorageLocal])).toEqual([]);
  });
});
