import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { historyOf } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptSlowRestore } from './ckpt-slow-restore.js';

const MINUTES = 60_000;
const restored = (initMs: number | undefined, startMs = 90_000, more: Partial<JobSpec> = {}): JobSpec => {
  const spec: JobSpec = {
    ...vary(job.HEALTHY, {
      vertices: { agg: initMs === undefined ? {} : { metrics: { initializationTime: initMs } } },
    }),
    ...more,
  };
  const vertices = historyOf(spec).vertices.map((vertex) => ({
    ...vertex,
    subtasks: vertex.subtasks.map(({ subtask, samples }) => ({
      subtask,
      samples: samples.map((sample) => ({ ...sample, startMs: (sample.runningSinceMs ?? 0) - startMs })),
    })),
  }));
  return {
    ...spec,
    history: {
      vertices,
      checkpointCounts: { total: 9, completed: 8, failed: 0, inProgress: 0, restored: 1 },
      ...more.history,
    },
  };
};
const ROCKSDB = { checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' } };

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when a task initialized for 70 s', restored(70_000), 'info agg'],
  ['is quiet just below', restored(59_000), 'clear'],
  ['is quiet when all tasks started quickly', restored(undefined, 5000), 'clear'],
  [
    'is quiet about a start without state',
    {
      ...restored(70_000),
      history: { checkpointCounts: { total: 9, completed: 8, failed: 0, inProgress: 0, restored: 0 } },
    },
    'clear',
  ],
  ['forgets it after an hour', restored(70_000, 90_000, { samples: (61 * MINUTES) / 10_000 }), 'clear'],
  [
    'is not evaluated where only the deployment is told',
    restored(undefined),
    'skipped: tasks took long to start, and initializationTime (1.18+), which would tell the restore from the deployment, was not told',
  ],
  ['is skipped for a batch job', restored(70_000, 90_000, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', { ...job.HEALTHY, tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('ckpt-slow-restore', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptSlowRestore);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptSlowRestore])).toEqual([]);
  });

  it('keeps a local copy of state in RocksDB, by the name of the version', () => {
    const keys = (more: Partial<JobSpec>) =>
      judged(restored(70_000, 90_000, more), ckptSlowRestore).advice.flatMap(({ changes }) =>
        changes.map(({ key }) => key),
      );
    expect(keys(ROCKSDB)).toEqual(['execution.state-recovery.from-local']);
    expect(keys({ ...ROCKSDB, flink: '1.18.1' })).toEqual(['state.backend.local-recovery']);
    expect(keys({})).toEqual([]);
  });
});
