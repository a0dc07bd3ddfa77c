import { describe, expect, it } from 'vitest';
import { BATCH, NOT_RUNNING, judged, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sbNoMetrics } from './sb-no-metrics.js';

const MIB = 1024 ** 2;
const slow = (mib: number, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.TOO_SLOW,
  checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' },
  checkpoints: [{ phases: { agg: { bytes: (mib / 2) * MIB } } }],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a bottleneck with much state in RocksDB', slow(200), 'info agg'],
  ['is quiet about little state', slow(90), 'clear'],
  ['is quiet about state on the heap', slow(200, { checkpointing: {} }), 'clear'],
  [
    'is quiet once RocksDB tells',
    vary(slow(200), { vertices: { agg: { metrics: { 'agg.a.rocksdb.is-write-stopped': [0] } } } }),
    'clear',
  ],
  ['is quiet where another cause is known', { ...job.HOT_KEY, ...slow(200), vertices: job.HOT_KEY.vertices }, 'clear'],
  ['is skipped for a batch job', slow(200, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', slow(200, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('sb-no-metrics', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sbNoMetrics);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sbNoMetrics])).toEqual([]);
  });

  it.each([
    ['1.15.0', 3],
    ['1.20.3', 5],
  ])('on %s asks for the metrics that it has', (flink, count) => {
    expect(only(judged(slow(200, { flink }), sbNoMetrics).advice).changes).toHaveLength(count);
  });
});
