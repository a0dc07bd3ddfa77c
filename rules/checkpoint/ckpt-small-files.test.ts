import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptSmallFiles } from './ckpt-small-files.js';

const wide = (parallelism: number, kib: number, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 1, busy: 0.1, out: 100, lag: [0, 0] },
    agg: { parallelism, maxParallelism: 2048, inputs: { src: 'HASH' }, busy: 0.1, in: 1 },
  },
  samples: 12,
  checkpoints: [{ durationMs: 2000, stateBytes: 10 * 1024 ** 3, writtenBytes: kib * 1024 * parallelism }],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 600 files of 200 KiB', wide(600, 200), 'info job'],
  ['is quiet about fewer', wide(490, 200), 'clear'],
  ['is quiet about large files', wide(600, 2048), 'clear'],
  ['is quiet about what goes into the metadata', wide(600, 10), 'clear'],
  [
    'is quiet when files are merged',
    wide(600, 200, { configuration: { 'execution.checkpointing.file-merging.enabled': 'true' } }),
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', wide(600, 200, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', wide(600, 200, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('ckpt-small-files', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptSmallFiles);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptSmallFiles])).toEqual([]);
  });

  it('merges files from 1.20 on', () => {
    expect(only(judged(wide(600, 200), ckptSmallFiles).advice).changes).toMatchObject([
      { key: 'execution.checkpointing.file-merging.enabled', to: 'true' },
    ]);
    expect(judged(wide(600, 200, { flink: '1.19.1' }), ckptSmallFiles).advice).toEqual([]);
  });
});
