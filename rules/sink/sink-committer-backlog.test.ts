import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { type JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sinkCommitterBacklog } from './sink-committer-backlog.js';

const waiting = (of: number | ((seconds: number) => number), more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { agg: { metrics: { 'Sink__Committer.pendingCommittables': of } } } }),
  ...more,
});
const rising = waiting((s) => s);
const NOT_TOLD = 'skipped: no sink has told pendingCommittables twice yet: it is not registered there, or was not read';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when more wait at each look', rising, 'warning agg'],
  ['is quiet when it is less than doubled', waiting((s) => 1000 + s), 'clear'],
  [
    'is quiet when it falls in between: that is the saw tooth of checkpoints',
    waiting((s) => (s % 120) + s / 10),
    'clear',
  ],
  ['is quiet about a few', waiting((s) => Math.floor(s / 60)), 'clear'],
  ['is quiet when it stands', waiting(400), 'clear'],
  ['is quiet while no checkpoint completes: then nothing is to be committed', { ...rising, checkpoints: [] }, 'clear'],
  ['is skipped where no sink tells', job.HEALTHY, NOT_TOLD],
  ['is skipped for a batch job', { ...rising, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...rising, tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('sink-committer-backlog', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sinkCommitterBacklog);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sinkCommitterBacklog])).toEqual([]);
  });
});
