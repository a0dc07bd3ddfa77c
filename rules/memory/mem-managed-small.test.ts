import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, MIB, type JobSpec, type MetricSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { memManagedSmall } from './mem-managed-small.js';

/** RocksDB on one TaskManager of four slots, with so much managed memory and state (MiB). */
const rocks = (
  managed: number,
  state: number,
  more: Partial<JobSpec> = {},
  metrics?: Readonly<Record<string, MetricSpec>>,
): JobSpec => ({
  // prettier-ignore
  ...vary(job.HEALTHY, metrics === undefined ? {} : { vertices: { agg: { metrics } } }),
  taskManagers: [{ slots: 4, managed: { used: managed, total: managed } }],
  checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' },
  checkpoints: state === 0 ? [] : [{ durationMs: 100, stateBytes: state * MIB }],
  ...more,
});
const STOPPED = { 'agg.counts.rocksdb.is-write-stopped': [0, 1] };
const DELAYED = { 'agg.counts.rocksdb.actual-delayed-write-rate': [1e6, 1e6] };
const WAITING = { 'agg.counts.rocksdb.num-immutable-mem-table': [1, 2, 1, 1] };
const cache = (hits: number, misses: number): Readonly<Record<string, MetricSpec>> => ({
  'agg.rocksdb.block.cache.hit': [0, hits],
  'agg.rocksdb.block.cache.miss': [0, misses],
});
const setTo = (configuration: Readonly<Record<string, string>>): Partial<JobSpec> => ({ configuration });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['says a word when the state is larger', rocks(508, 600), 'info job'],
  ['is quiet from 128 MiB a slot on', rocks(512, 600), 'clear'],
  ['is quiet when the state fits', rocks(508, 508), 'clear'],
  ['warns when writes are stopped (L62)', rocks(32, 10, {}, STOPPED), 'warning job'],
  ['warns when writes are delayed', rocks(32, 10, {}, DELAYED), 'warning job'],
  ['warns when write buffers always wait', rocks(32, 10, {}, WAITING), 'warning job'],
  ['warns when reads miss', rocks(32, 10, {}, cache(12_000, 8000)), 'warning job'],
  ['is quiet from four of five hits on', rocks(32, 10, {}, cache(16_100, 3900)), 'clear'],
  ['is quiet about few reads', rocks(32, 10, {}, cache(6000, 4000)), 'clear'],
  ['is quiet when memory is enough, whatever RocksDB shows', rocks(512, 10, {}, STOPPED), 'clear'],
  [
    'counts what is set for a slot instead',
    rocks(512, 600, setTo({ 'state.backend.rocksdb.memory.fixed-per-slot': '64mb' })),
    'info job',
  ],
  [
    'counts what is set for a TaskManager instead',
    rocks(32, 600, setTo({ 'state.backend.rocksdb.memory.fixed-per-tm': '512mb' })),
    'clear',
  ],
  [
    'is quiet where RocksDB does not take managed memory: none of it says how much it has',
    rocks(32, 600, setTo({ 'state.backend.rocksdb.memory.managed': 'false' })),
    'clear',
  ],
  ['is quiet about state on the heap', rocks(32, 600, { checkpointing: { stateBackend: 'HashMapStateBackend' } }), 'clear'], // prettier-ignore
  [
    'is skipped where neither state nor RocksDB tells',
    rocks(32, 0),
    'skipped: no checkpoint has told how large the state is, and RocksDB tells nothing of its own',
  ],
  [
    'is skipped where managed memory is not told',
    rocks(32, 600, { taskManagers: [{ slots: 4, silent: true }] }),
    'skipped: no TaskManager of this job tells how much managed memory is used',
  ],
  ['is skipped while tasks wait for slots', rocks(32, 600, { tasks: 'SCHEDULED' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('mem-managed-small', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memManagedSmall);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memManagedSmall])).toEqual([]);
  });

  it('asks for 128 MiB a slot, and the process as much larger', () => {
    const changesOf = (spec: JobSpec): unknown =>
      only(judged(spec, memManagedSmall).advice).changes.map(({ key, from, to }) => [key, from, to]);
    expect(changesOf(rocks(200, 600))).toEqual([
      ['taskmanager.memory.managed.size', null, '512m'],
      ['taskmanager.memory.process.size', '1728m', '2040m'],
    ]);
    expect(changesOf(rocks(200, 600, { taskManagers: [{ slots: 2, managed: { used: 200, total: 200 } }] }))).toEqual([
      ['taskmanager.memory.managed.size', null, '256m'],
      ['taskmanager.memory.process.size', '1728m', '1784m'],
    ]);
  });

  it('advises nothing where a size of its own is set', () => {
    const fixed = rocks(512, 600, setTo({ 'state.backend.rocksdb.memory.fixed-per-slot': '64mb' }));
    expect(judged(fixed, memManagedSmall).advice).toEqual([]);
  });

  it('is the root of the stalls that it makes', () => {
    const { findings } = live(historyOf(rocks(32, 10, {}, STOPPED)), RULES).last;
    const roleOf = (id: string): string | undefined => findings.find(({ rule }) => rule === id)?.role;
    expect([roleOf('mem-managed-small'), roleOf('rocksdb-write-stall')]).toEqual(['root', 'symptom']);
  });
});
