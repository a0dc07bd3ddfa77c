import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sinkSmallFiles } from './sink-small-files.js';

const files = (
  perSecond: number | undefined,
  records = 1000,
  name = 'filesink: Writer -> filesink: Committer',
  more: Partial<JobSpec> = {},
): JobSpec => ({
  ...vary(job.HEALTHY, {
    vertices: {
      agg: {
        name,
        in: records,
        ...(perSecond === undefined
          ? {}
          : { metrics: { 'filesink__Committer.successfulCommittables': (s: number) => perSecond * s } }),
      },
    },
  }),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 3600 files of 200 kB', files(1), 'info agg'],
  ['is quiet about a few', files(0.2), 'clear'],
  ['is quiet about large ones', files(1, 100_000), 'clear'],
  ['is quiet about transactions of Kafka', files(1, 1000, 'kafka: Writer -> kafka: Committer'), 'clear'],
  ['is quiet on a job without a sink of files', job.HEALTHY, 'clear'],
  [
    'is not evaluated where commits are not counted',
    files(undefined),
    'skipped: no sink has told successfulCommittables twice yet: it is not registered there, or was not read',
  ],
  ['is skipped for a batch job', files(1, 1000, 'filesink', { batch: true }), BATCH],
  ['is skipped while tasks are deployed', files(1, 1000, 'filesink', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('sink-small-files', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sinkSmallFiles);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sinkSmallFiles])).toEqual([]);
  });
});
