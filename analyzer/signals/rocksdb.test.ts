import { describe, expect, it } from 'vitest';
import { historyOf, type MetricSpec } from '../testing/job-builder.js';
import { must } from '../testing/must.js';
import { cacheReadsOf } from './rocksdb.js';

const vertexWith = (metrics: Readonly<Record<string, MetricSpec>>): Parameters<typeof cacheReadsOf>[0] =>
  must(historyOf({ vertices: { agg: { parallelism: 2, metrics } } }).vertices[0]);

describe('cacheReadsOf', () => {
  it('is what the tickers of all states grew by in the last minute', () => {
    const reads = cacheReadsOf(
      vertexWith({
        'agg.a.rocksdb.block.cache.hit': [0, 100, 6100],
        'agg.b.rocksdb_block_cache_hit': [0, 0, 3000],
        'agg.a.rocksdb.block.cache.miss': [0, 50, 1050],
      }),
    );
    expect(must(reads).perSecond).toBeCloseTo(10_000 / 60, 6);
    expect(must(reads).hitRatio).toBeCloseTo(0.9, 6);
  });

  it('is not known from one of the two, nor across a restart', () => {
    expect(cacheReadsOf(vertexWith({ 'agg.a.rocksdb.block.cache.hit': [0, 100] }))).toBeUndefined();
    const restarted = { 'agg.a.rocksdb.block.cache.hit': [900, 5], 'agg.a.rocksdb.block.cache.miss': [9, 10] };
    expect(cacheReadsOf(vertexWith(restarted))).toBeUndefined();
  });
});
