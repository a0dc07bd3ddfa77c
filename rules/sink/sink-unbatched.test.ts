import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sinkUnbatched } from './sink-unbatched.js';

const sending = (sendMs: number | undefined, busy = 0.8, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, {
    vertices: {
      agg: {
        name: 'Sink: db',
        busy,
        in: 160,
        ...(sendMs === undefined ? {} : { metrics: { 'Sink__db.currentSendTime': sendMs } }),
      },
    },
  }),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when 5 ms for each of 160 are 80 % busy', sending(5), 'info agg'],
  ['is quiet when one request carries many', sending(50), 'clear'],
  ['is quiet when sending is a small part', sending(1), 'clear'],
  ['is quiet when it rests', sending(2.5, 0.4), 'clear'],
  [
    'is not evaluated where the time is not told',
    sending(undefined),
    'skipped: no sink has told currentSendTime twice yet: it is not registered there, or was not read',
  ],
  ['is skipped for a batch job', sending(5, 0.8, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', sending(5, 0.8, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('sink-unbatched', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sinkUnbatched);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sinkUnbatched])).toEqual([]);
  });
});
