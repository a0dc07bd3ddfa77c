import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { rocksdbLocaldir } from './rocksdb-localdir.js';

const dir = (
  configuration: Readonly<Record<string, string>>,
  stateBackend = 'EmbeddedRocksDBStateBackend',
): JobSpec => ({ ...job.HEALTHY, configuration, checkpointing: { stateBackend } });
const KEY = 'state.backend.rocksdb.localdir';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on shared memory', dir({ [KEY]: '/dev/shm/flink' }), 'warning job'],
  ['fires on a network file system', dir({ [KEY]: '/mnt/nfs/flink' }), 'warning job'],
  ['fires on temporary directories that are one', dir({ 'io.tmp.dirs': '/data,/efs/tmp' }), 'warning job'],
  ['is quiet about a disk', dir({ [KEY]: '/data1/rocksdb,/data2/rocksdb' }), 'clear'],
  ['is quiet about a name that only contains it', dir({ [KEY]: '/data/nfs-like' }), 'clear'],
  ['is quiet with state on the heap', dir({ [KEY]: '/dev/shm/flink' }, 'HashMapStateBackend'), 'clear'],
  ['is quiet when nothing is set', dir({ a: 'b' }), 'clear'],
  ['is skipped for a batch job', { ...dir({ [KEY]: '/dev/shm/flink' }), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...dir({ [KEY]: '/dev/shm/flink' }), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('rocksdb-localdir', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, rocksdbLocaldir);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [rocksdbLocaldir])).toEqual([]);
  });
});
