import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { skewState } from './skew-state.js';

const MB = 1_000_000;
/** L39: sizes by subtask in MB, one row per checkpoint; they are written at 10 MB/s. */
const sized = (rows: readonly (readonly number[])[], more: Partial<JobSpec> = {}, msPerMb = 100): JobSpec => ({
  vertices: {
    src: { parallelism: 2, busy: 0.03, out: 100, lag: [2, 0] },
    agg: { parallelism: 4, inputs: { src: 'HASH' }, busy: 0.05, in: 50 },
  },
  checkpoints: rows.map((row) => ({
    phases: { agg: row.map((mb) => ({ async: mb * msPerMb, bytes: mb * MB })) },
  })),
  ...more,
});
const five = (row: readonly number[], more: Partial<JobSpec> = {}, msPerMb = 100): JobSpec =>
  sized(Array(5).fill(row), more, msPerMb);
const ROCKSDB = { checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' } };

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the subtask with the large key (L39)', five([2.6, 2.6, 110, 2.6]), 'warning agg[2]'],
  ['fires from 100 MB on', five([3, 3, 3, 100]), 'warning agg[3]'],
  ['is quiet just below', five([3, 3, 3, 99.9]), 'clear'],
  ['fires from three times the others on', five([40, 40, 40, 120]), 'warning agg[3]'],
  ['is quiet just below', five([40.1, 40.1, 40.1, 120]), 'clear'],
  ['fires where the others hold nothing', five([0, 0, 200, 0]), 'warning agg[2]'],
  ['is an info where its snapshot is fast', five([2.6, 2.6, 110, 2.6], {}, 40), 'info agg[2]'],
  ['is a warning from five seconds on', five([2, 2, 100, 2], {}, 50), 'warning agg[2]'],
  ['is quiet about what key groups alone make', five([100, 200, 100, 200]), 'clear'],
  [
    'wants the same subtask three times',
    sized([
      [200, 1, 1, 1],
      [1, 200, 1, 1],
      [200, 1, 1, 1],
      [1, 200, 1, 1],
    ]),
    'clear',
  ],
  [
    'is quiet after two checkpoints',
    sized([
      [200, 1, 1, 1],
      [200, 1, 1, 1],
    ]),
    'clear',
  ],
  [
    'is skipped where a size is only what was written',
    five([200, 1, 1, 1], { ...ROCKSDB, flink: '1.14.6' }),
    'skipped: before Flink 1.15 the size of an incremental checkpoint is what it wrote, not the state',
  ],
  ['is sure of it from 1.15 on', five([200, 1, 1, 1], { ...ROCKSDB, flink: '1.15.4' }), 'warning agg[0]'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is skipped while no phases are read',
    { ...job.HEALTHY, checkpoints: [{ durationMs: 9000 }] },
    'skipped: no completed checkpoint has its phases per subtask read yet (/jobs/:jobid/checkpoints/details)',
  ],
  ['is skipped for a batch job', five([200, 1, 1, 1], { batch: true }), BATCH],
  ['is skipped while tasks are deployed', five([200, 1, 1, 1], { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('skew-state', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewState);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewState])).toEqual([]);
  });

  it('says how much more that is', () => {
    const { title, summary } = only(judged(five([2.6, 2.6, 110, 2.6]), skewState).findings);
    expect(title.en).toBe('Subtask 2 of agg holds 105 MiB of state, the others 2.48 MiB');
    expect(summary.en).toContain('42.3 times as much, at each checkpoint; its snapshot takes 11 s, theirs 260 ms');
  });

  it('is why its snapshot holds up every checkpoint (L39)', () => {
    const { findings } = live(historyOf(five([2.6, 2.6, 110, 2.6])), RULES).last;
    const told = findings.filter(({ severity, basis }) => severity !== 'info' && basis === 'measured');
    expect(told.filter(({ role }) => role === 'root').map(({ rule }) => rule)).toEqual(['skew-state']);
    expect(told.find(({ rule }) => rule === 'ckpt-straggler')?.role).toBe('symptom');
  });
});
