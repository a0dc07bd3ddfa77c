import { describe, expect, it } from 'vitest';
import { decodeMetricIds } from '../flink/decode/metrics.decode.js';
import { fixtureText, type FixtureVersion } from '../testing/fixtures.js';
import { extraGroups, MAX_EXTRAS, wantsExtras } from './vertex-extras.js';

const listOf = (version: FixtureVersion): readonly string[] => {
  const decoded = decodeMetricIds(JSON.parse(fixtureText(version, 'agg-metrics-list-source')));
  return decoded.ok ? decoded.value : [];
};

describe('which metrics of a vertex are asked now and then', () => {
  it.each(['1.13.6', '1.17.2', '1.20.3', '2.3.0'] as const)('%s: of a real source', (version) => {
    const groups = extraGroups(listOf(version));
    expect(groups.get('')).toContain('Shuffle.Netty.Output.Buffers.outPoolUsage');
    expect(groups.get('')).toContain('checkpointStartDelayNanos');
    if (version !== '1.13.6') expect(groups.get('Source__orders')).toContain('Source__orders.currentEmitEventTimeLag');
    expect([...groups.values()].flat().filter((id) => id.includes('.split.'))).toEqual([]);
  });

  it.each([
    [
      'Source__orders.KafkaSourceReader.KafkaConsumer.records-lag-max',
      'Source__orders.KafkaSourceReader.KafkaConsumer',
    ],
    ['Sink__Writer.KafkaProducer.request-latency-avg', 'Sink__Writer.KafkaProducer'],
    ['Sink__Writer.numRecordsSendErrors', 'Sink__Writer'],
    ['window.numLateRecordsDropped', 'window'],
    ['agg.sums.rocksdb_estimate-pending-compaction-bytes', 'agg.sums'],
    ['agg.sums.rocksdb.is-write-stopped', 'agg.sums'],
    ['agg.rocksdb_block_cache_miss', 'agg'],
    ['LookupJoin[7].hitCount', 'LookupJoin[7]'],
    ['mailboxQueueSize', ''],
  ])('%s is one of %j', (id, operator) => {
    expect([...extraGroups([id])]).toEqual([[operator, [id]]]);
  });

  it.each([
    'numRecordsIn',
    'agg.numRecordsOut',
    'agg.myCounter',
    'Source__orders.KafkaSourceReader.topic.t.partition.3.records-lag-max',
    'agg.sums.rocksdb_num-entries-active-mem-table',
    'mailboxQueueSize2',
  ])('%s is not asked for', (id) => {
    expect(extraGroups([id]).size).toBe(0);
  });

  it('are bounded', () => {
    const ids = Array.from({ length: 1_000 }, (_, state) => `agg.s${state}.rocksdb_is-write-stopped`);
    expect([...extraGroups(ids).values()].flat()).toHaveLength(MAX_EXTRAS);
  });
});

describe('when they are asked', () => {
  const quiet = { vertexId: `000a${'0'.repeat(28)}`, runsSinceMs: 0, lastReadMs: undefined, isWatched: false };
  it.each<[string, Partial<Parameters<typeof wantsExtras>[0]>, number, boolean]>([
    ['never of a vertex that does not run whole', { runsSinceMs: undefined }, 900_000, false],
    ['first after half a minute and the vertex’s own part of one', {}, 39_999, false],
    ['then', {}, 40_000, true],
    ['of a vertex something happens to, at once', { isWatched: true }, 30_000, true],
    ['again after five minutes', { lastReadMs: 40_000 }, 339_999, false],
    ['then again', { lastReadMs: 40_000 }, 340_000, true],
    ['while something happens, after one', { lastReadMs: 40_000, isWatched: true }, 100_000, true],
  ])('%s', (_claim, turn, nowMs, wanted) => {
    expect(wantsExtras({ ...quiet, ...turn }, nowMs)).toBe(wanted);
  });
});
