import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { rocksdbUnmanaged } from './rocksdb-unmanaged.js';

const OFF = { 'state.backend.rocksdb.memory.managed': 'false' };
const rocks = (configuration: Readonly<Record<string, string>>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' },
  configuration,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['warns in a container', rocks({ ...OFF, 'kubernetes.cluster-id': 'a' }), 'warning job'],
  ['says a word elsewhere', rocks(OFF), 'info job'],
  ['is quiet with a size for each slot', rocks({ ...OFF, 'state.backend.rocksdb.memory.fixed-per-slot': '64m' }), 'clear'], // prettier-ignore
  ['is quiet with a size for each TaskManager', rocks({ ...OFF, 'state.backend.rocksdb.memory.fixed-per-tm': '1g' }), 'clear'], // prettier-ignore
  ['is quiet with managed memory, the default', rocks({ a: 'b' }), 'clear'],
  ['is quiet about state on the heap', rocks(OFF, { checkpointing: { stateBackend: 'HashMapStateBackend' } }), 'clear'],
  ['is skipped without a configuration', rocks({}), 'skipped: the configuration was not read yet'],
];

describe('rocksdb-unmanaged', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, rocksdbUnmanaged);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [rocksdbUnmanaged])).toEqual([]);
  });

  it('switches managed memory on', () => {
    expect(only(judged(rocks(OFF), rocksdbUnmanaged).advice).changes).toMatchObject([
      { key: 'state.backend.rocksdb.memory.managed', from: 'false', to: 'true' },
    ]);
  });
});
