import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sinkErrors } from './sink-errors.js';

const sink = (metrics: NonNullable<VertexSpec['metrics']>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { agg: { metrics } } }),
  ...more,
});
/** Of 500 records/s. */
const errors = (perSecond: number, until = Infinity): JobSpec =>
  sink({ 'Sink__Writer.numRecordsSendErrors': (s) => Math.round(Math.min(s, until) * perSecond) });
const NOT_TOLD =
  'skipped: no sink has told numRecordsSendErrors or failedCommittables twice yet: it is not registered there, or was not read';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when 3 % of the sends fail (L69)', errors(15), 'warning agg'],
  ['fires from .1 %', errors(0.52), 'warning agg'],
  ['is quiet just below', errors(0.48), 'clear'],
  ['is quiet about a few retries', sink({ 'Sink__Writer.numRecordsSendErrors': (s) => Math.floor(s / 30) }), 'clear'],
  ['is quiet once it ended', errors(15, 200), 'clear'],
  ['is quiet about errors of long ago', sink({ 'Sink__Writer.numRecordsSendErrors': 4000 }), 'clear'],
  ['knows the older name', sink({ 'Sink__Writer.numRecordsOutErrors': (s) => 15 * s }), 'warning agg'],
  [
    'counts a counter with two names once',
    sink({ 'w.numRecordsSendErrors': (s) => 0.3 * s, 'w.numRecordsOutErrors': (s) => 0.3 * s }),
    'clear',
  ],
  [
    'is critical about a commit that was given up',
    sink({ 'c.failedCommittables': (s) => (s > 200 ? 1 : 0) }),
    'critical agg',
  ],
  ['is quiet about commits that succeed', sink({ 'c.failedCommittables': 0 }), 'clear'],
  ['is quiet across a restart of the counter', sink({ 'w.numRecordsSendErrors': (s) => (s > 200 ? 0 : 900) }), 'clear'],
  ['is skipped where no sink tells', job.HEALTHY, NOT_TOLD],
  ['is skipped after a single look', { ...errors(15), samples: 9 }, NOT_TOLD],
  ['is skipped for a batch job', { ...errors(15), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...errors(15), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('sink-errors', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sinkErrors);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sinkErrors])).toEqual([]);
  });

  it('says how much of the records', () => {
    expect(only(judged(errors(15), sinkErrors).findings).title.en).toBe('agg fails to send 3 % of its records');
  });
});
