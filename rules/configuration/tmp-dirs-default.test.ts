import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { tmpDirsDefault } from './tmp-dirs-default.js';

const GIB = 1024 ** 3;
const rocks = (
  gib: number,
  configuration: Readonly<Record<string, string>>,
  stateBackend = 'EmbeddedRocksDBStateBackend',
): JobSpec => ({
  ...job.HEALTHY,
  checkpointing: { stateBackend },
  checkpoints: [{ stateBytes: gib * GIB }],
  configuration,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when nothing is set', rocks(1, { a: 'b' }), 'info job'],
  ['fires on /tmp', rocks(1, { 'io.tmp.dirs': '/tmp' }), 'info job'],
  ['is quiet about a directory of its own', rocks(1, { 'state.backend.rocksdb.localdir': '/nvme' }), 'clear'],
  ['is quiet about another temporary directory', rocks(1, { 'io.tmp.dirs': '/data/tmp' }), 'clear'],
  ['is quiet about little state', rocks(0.9, { a: 'b' }), 'clear'],
  ['is quiet about state on the heap', rocks(5, { a: 'b' }, 'HashMapStateBackend'), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('tmp-dirs-default', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, tmpDirsDefault);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [tmpDirsDefault])).toEqual([]);
  });
});
