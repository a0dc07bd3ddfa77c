import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { stateChangelogBusy } from './state-changelog-busy.js';

const logging = (ms: number | undefined, on = true, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, {
    vertices: { agg: ms === undefined ? {} : { metrics: { changelogBusyTimeMsPerSecond: ms } } },
  }),
  configuration: { 'state.changelog.enabled': String(on) },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 150 ms of each second', logging(150), 'info agg'],
  ['is quiet just below', logging(95), 'clear'],
  [
    'is quiet where one look is high',
    vary(logging(150), { vertices: { agg: { metrics: { changelogBusyTimeMsPerSecond: [10, 10, 300] } } } }),
    'clear',
  ],
  ['is quiet with the changelog off', logging(150, false), 'clear'],
  [
    'is not evaluated where it is not told',
    logging(undefined),
    'skipped: the changelog is on, and changelogBusyTimeMsPerSecond (1.18+) was not told three times yet',
  ],
  ['is skipped for a batch job', logging(150, true, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', logging(150, true, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('state-changelog-busy', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, stateChangelogBusy);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [stateChangelogBusy])).toEqual([]);
  });
});
