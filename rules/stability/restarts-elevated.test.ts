import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as trace from '../../analyzer/testing/traces.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { restartsElevated } from './restarts-elevated.js';

const falls = (
  seconds: readonly number[],
  text = (i: number) => trace.userFailure(i),
  more: Partial<JobSpec> = {},
): JobSpec => ({
  ...job.HEALTHY,
  samples: 330,
  exceptions: seconds.map((at, i) => ({ at, trace: text(i) })),
  ...more,
});
const other = (i: number): string => `com.acme.E${i}: x`;

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on three falls spread over an hour', falls([300, 1500, 2900]), 'warning job'],
  ['whatever their causes', falls([300, 1500, 2900], other), 'warning job'],
  ['is quiet about two', falls([300, 2900]), 'clear'],
  ['leaves three in ten minutes to restart-loop', falls([2800, 2950, 3100]), 'clear'],
  ['forgets falls after an hour', falls([300, 1500, 2900], undefined, { samples: 400 }), 'clear'],
  [
    'counts what follows from one lost TaskManager once (L44)',
    falls([300, 330, 360, 390], () => trace.HEARTBEAT),
    'clear',
  ],
  [
    'is skipped when exceptions cannot be read',
    falls([], undefined, { missing: ['/jobs/:jobid/exceptions'] }),
    'skipped: /jobs/:jobid/exceptions could not be read: HTTP 500',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('restarts-elevated', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, restartsElevated);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [restartsElevated])).toEqual([]);
  });

  it('says whether the causes differ', () => {
    const summary = (spec: JobSpec): string => only(judged(spec, restartsElevated).findings).summary.en;
    expect(summary(falls([300, 1500, 2900]))).toContain('the same cause');
    expect(summary(falls([300, 1500, 2900], other))).toContain('3 different causes');
  });
});
