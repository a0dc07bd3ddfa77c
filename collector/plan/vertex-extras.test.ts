import { describe, expect, it } from 'vitest';
import { decodeMetricIds } from '../flink/decode/metrics.decode.js';
import { fixtureText, type FixtureVersion } from '../testing/fixtures.js';
import { extraGroups, extrasDue, lossesIn, MAX_EXTRAS } from './vertex-extras.js';

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

describe('what tells of a loss', () => {
  it('is asked without the rest, and nothing of an operator that has none', () => {
    const groups = extraGroups([
      'win.numLateRecordsDropped',
      'Sink__Writer.numRecordsSendErrors',
      'Sink__Writer.currentSendTime',
      'mailboxQueueSize',
    ]);
    expect([...lossesIn(groups)]).toEqual([
      ['Sink__Writer', ['Sink__Writer.numRecordsSendErrors']],
      ['win', ['win.numLateRecordsDropped']],
    ]);
  });
});

describe('when they are asked', () => {
  const quiet = {
    vertexId: `000a${'0'.repeat(28)}`,
    runsSinceMs: 0,
    lastReadMs: undefined,
    lossesReadMs: undefined,
    isWatched: false,
  };
  it.each<[string, Partial<Parameters<typeof extrasDue>[0]>, number, ReturnType<typeof extrasDue>]>([
    ['never of a vertex that does not run whole', { runsSinceMs: undefined }, 900_000, 'none'],
    ['first after half a minute and the vertex’s own part of one', {}, 39_999, 'none'],
    ['then', {}, 40_000, 'all'],
    ['of a vertex something happens to, at once', { isWatched: true }, 30_000, 'all'],
    ['what tells of a loss, again after one minute', { lastReadMs: 40_000 }, 99_999, 'none'],
    ['then', { lastReadMs: 40_000 }, 100_000, 'losses'],
    ['and each minute', { lastReadMs: 40_000, lossesReadMs: 100_000 }, 159_999, 'none'],
    ['from then on', { lastReadMs: 40_000, lossesReadMs: 100_000 }, 160_000, 'losses'],
    ['all of it after five', { lastReadMs: 40_000, lossesReadMs: 300_000 }, 339_999, 'none'],
    ['then again', { lastReadMs: 40_000, lossesReadMs: 300_000 }, 340_000, 'all'],
    ['while something happens, after one', { lastReadMs: 40_000, isWatched: true }, 100_000, 'all'],
  ])('%s', (_claim, turn, nowMs, wanted) => {
    expect(extrasDue({ ...quiet, ...turn }, nowMs)).toBe(wanted);
  });
});
