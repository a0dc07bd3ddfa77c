import { describe, expect, it } from 'vitest';
import { BATCH, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { wmTooFrequent } from './wm-too-frequent.js';

const every = (value: string, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.EVENT_TIME,
  configuration: { 'pipeline.auto-watermark-interval': value },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires below 50 ms', every('49 ms'), 'info job'],
  ['reads a bare number', every('10'), 'info job'],
  ['is quiet from 50 ms on', every('50 ms'), 'clear'],
  ['is quiet with the default', { ...job.EVENT_TIME, configuration: { a: 'b' } }, 'clear'],
  ['is quiet when there are none', every('0 ms'), 'clear'],
  ['is quiet about what it does not understand', every('often'), 'clear'],
  ['is skipped for a job without event time', { ...job.HEALTHY, configuration: { 'pipeline.auto-watermark-interval': '1 ms' } }, 'skipped: the job has no event time: no task tells a watermark'], // prettier-ignore
  ['is skipped without a configuration', { ...job.EVENT_TIME, configuration: {} }, 'skipped: the configuration was not read yet'], // prettier-ignore
  ['is skipped for a batch job', every('10', { batch: true }), BATCH],
];

describe('wm-too-frequent', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wmTooFrequent);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wmTooFrequent])).toEqual([]);
  });

  it('goes back to the default', () => {
    expect(only(judged(every('10 ms'), wmTooFrequent).advice).changes).toMatchObject([{ from: '10 ms', to: '200 ms' }]);
  });
});
