import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptBacklogInterval } from './ckpt-backlog-interval.js';

const cdc = (snapshot: number | undefined, durationMs = 6000, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, {
    vertices: {
      src: {
        name: 'Source: MySQL CDC orders',
        ...(snapshot === undefined ? {} : { metrics: { 'Source__orders.isSnapshotting': snapshot } }),
      },
    },
  }),
  checkpoints: Array.from({ length: 10 }, () => ({ durationMs })),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires while it reads its snapshot', cdc(1), 'info job'],
  ['is quiet once it reads the changes', cdc(0), 'clear'],
  ['is quiet about short checkpoints', cdc(1, 3000), 'clear'],
  [
    'is quiet when it is set',
    cdc(1, 6000, { configuration: { 'execution.checkpointing.interval-during-backlog': '10 min' } }),
    'clear',
  ],
  ['is quiet before 1.19, which has no such option', cdc(1, 6000, { flink: '1.18.1' }), 'clear'],
  ['is quiet about other sources', job.HEALTHY, 'clear'],
  [
    'is not evaluated where the source does not tell',
    cdc(undefined),
    'skipped: whether a CDC source still reads its snapshot is not told: its connector does not register isSnapshotting or isProcessingBacklog with the tasks',
  ],
  ['is skipped for a batch job', cdc(1, 6000, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', cdc(1, 6000, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('ckpt-backlog-interval', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptBacklogInterval);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptBacklogInterval])).toEqual([]);
  });

  it('sets the interval of the backlog', () => {
    expect(only(judged(cdc(1), ckptBacklogInterval).advice).changes).toMatchObject([
      { key: 'execution.checkpointing.interval-during-backlog', to: '30 min' },
    ]);
  });
});
