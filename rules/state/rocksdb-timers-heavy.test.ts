import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { rocksdbTimersHeavy } from './rocksdb-timers-heavy.js';

const timers = (
  fired: number | undefined,
  waiting: number | undefined,
  busy = 0.8,
  more: Partial<JobSpec> = {},
): JobSpec => ({
  ...vary(job.HEALTHY, {
    vertices: {
      agg: {
        busy,
        metrics: {
          ...(fired === undefined ? {} : { numFiredTimersPerSecond: fired }),
          ...(waiting === undefined
            ? {}
            : { 'agg._timer_state/processing_user-timers.rocksdb.estimate-num-keys': waiting }),
        },
      },
    },
  }),
  checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' },
  ...more,
});
const NOT_TOLD =
  'skipped: a vertex with RocksDB is busy; whether timers are why numFiredTimersPerSecond (1.20+) and state.backend.rocksdb.metrics.estimate-num-keys: true would tell';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on one for each record', timers(500, 20_000), 'info agg'],
  ['is quiet about few', timers(100, 20_000), 'clear'],
  ['is quiet about millions: they belong there', timers(500, 2_000_000), 'clear'],
  ['is quiet when the vertex rests', timers(500, 20_000, 0.3), 'clear'],
  [
    'is quiet with timers on the heap',
    timers(500, 20_000, 0.8, { configuration: { 'state.backend.rocksdb.timer-service.factory': 'HEAP' } }),
    'clear',
  ],
  ['is clear when none fires', timers(0, undefined), 'clear'],
  ['is not evaluated where they are not counted', timers(500, undefined), NOT_TOLD],
  ['is not evaluated where firing is not told', timers(undefined, 20_000), NOT_TOLD],
  ['is skipped for a batch job', timers(500, 20_000, 0.8, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', timers(500, 20_000, 0.8, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('rocksdb-timers-heavy', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, rocksdbTimersHeavy);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [rocksdbTimersHeavy])).toEqual([]);
  });

  it('keeps them on the heap', () => {
    expect(only(judged(timers(500, 20_000), rocksdbTimersHeavy).advice).changes).toMatchObject([
      { key: 'state.backend.rocksdb.timer-service.factory', to: 'HEAP' },
    ]);
  });
});
