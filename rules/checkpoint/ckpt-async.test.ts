import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { MIB, type CheckpointSpec, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptAsync } from './ckpt-async.js';

const times = (count: number, checkpoint: CheckpointSpec): CheckpointSpec[] =>
  Array.from({ length: count }, () => checkpoint);
const upload = (ms: number, mib: number, start = 8): CheckpointSpec => ({
  phases: { map: { start, sync: 32, async: ms, bytes: mib * MIB } },
});
const on = (checkpoints: readonly CheckpointSpec[], more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  samples: 60,
  checkpoints: checkpoints.map((checkpoint, i) => ({ ...checkpoint, at: 60 + i * 40 })),
  ...more,
});
/** L34: 20 MB per subtask at 1 MB/s. */
const L34 = upload(21_078, 20);

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the vertex that uploads (L34)', on(times(5, L34)), 'warning map'],
  ['fires on three of the last five', on([L34, upload(40, 1), L34, upload(40, 1), L34]), 'warning map'],
  ['is quiet on two of five', on([L34, upload(40, 1), upload(40, 1), upload(40, 1), L34]), 'clear'],
  ['fires from 10 s', on(times(5, upload(10_000, 20))), 'warning map'],
  ['is quiet just below', on(times(5, upload(9_999, 20))), 'clear'],
  ['is quiet when the barrier waits longer than the upload', on(times(5, upload(10_500, 20, 12_000))), 'clear'],
  [
    'fires when it is a little more than half of the checkpoint',
    on(times(5, upload(10_500, 20, 8_500))),
    'warning map',
  ],
  ['is quiet on healthy checkpoints', job.HEALTHY, 'clear'],
  [
    'is skipped when the job takes no checkpoints',
    on([], { checkpointing: 'none' }),
    'skipped: the job takes no checkpoints, or none was read yet',
  ],
  ['is skipped for a batch job', on(times(5, L34), { batch: true }), BATCH],
  ['is skipped while tasks are deployed', on(times(5, L34), { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('ckpt-async', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptAsync);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptAsync])).toEqual([]);
  });

  it('tells slow storage from much state by the write rate of the slowest subtask', () => {
    expect(only(judged(on(times(5, L34)), ckptAsync).findings).title.en).toBe(
      'Checkpoint storage is slow: map writes 972 KiB/s',
    );
    expect(only(judged(on(times(5, upload(20_000, 2000))), ckptAsync).findings).title.en).toBe(
      'map uploads its state for 20 s at each checkpoint',
    );
  });

  it('leaves a pause between checkpoints', () => {
    const advice = only(judged(on(times(5, L34)), ckptAsync).advice);
    expect(advice.changes).toEqual([
      { scope: 'job', key: 'execution.checkpointing.interval', from: '10 s', to: '43 s', unit: '' },
      { scope: 'job', key: 'execution.checkpointing.min-pause', from: '0 s', to: '22 s', unit: '' },
    ]);
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toEqual([
      'unaligned checkpoints',
      'a longer checkpoint timeout',
    ]);
  });

  it('follows the readings: half the upload, half the pause', () => {
    const advice = only(judged(on(times(5, upload(10_500, 20))), ckptAsync).advice);
    expect(advice.changes.map(({ to }) => to)).toEqual(['22 s', '11 s']);
  });

  it('does not shorten a long interval', () => {
    const rare = on(times(5, L34), { checkpointing: { intervalMs: 600_000, minPauseMs: 300_000 } });
    expect(judged(rare, ckptAsync).advice).toEqual([]);
  });

  const incremental: readonly (readonly [string, string, string])[] = [
    ['1.19.1', 'state.backend.incremental', 'flink-conf.yaml'],
    ['1.20.3', 'execution.checkpointing.incremental', 'config.yaml'],
    ['2.3.0', 'execution.checkpointing.incremental', 'config.yaml'],
  ];
  it.each(incremental)('turns on incremental checkpoints of RocksDB on %s by %s', (flink, key, dialect) => {
    const rocks = on(times(5, L34), { flink, checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' } });
    const advice = only(judged(rocks, ckptAsync).advice);
    expect(must(advice.changes[0])).toMatchObject({ key, to: 'true' });
    expect(Object.entries(advice.diffs).find(([name]) => name === dialect)?.[1]).toContain(`+ ${key}: true`);
  });

  it('does not turn on what is on', () => {
    const on2 = on(times(5, L34), {
      checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' },
      configuration: { 'execution.checkpointing.incremental': 'true' },
    });
    expect(only(judged(on2, ckptAsync).advice).changes.map(({ key }) => key)).toEqual([
      'execution.checkpointing.interval',
      'execution.checkpointing.min-pause',
    ]);
  });
});
