import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { jobNotRunning } from './job-not-running.js';

const inState = (state: NonNullable<JobSpec['state']>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  state,
  tasks: 'CREATED',
  stateSince: 0,
  samples: 30,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on FAILED', inState('FAILED', { samples: 1 }), 'critical job'],
  ['fires on FAILING', inState('FAILING', { samples: 1 }), 'critical job'],
  ['fires on SUSPENDED', inState('SUSPENDED', { samples: 1 }), 'critical job'],
  ['fires on five minutes of RESTARTING', inState('RESTARTING'), 'critical job'],
  ['fires on five minutes of CREATED', inState('CREATED'), 'critical job'],
  ['fires on five minutes of INITIALIZING', inState('INITIALIZING'), 'critical job'],
  ['is quiet just before', inState('RESTARTING', { samples: 29 }), 'clear'],
  ['counts from when the state began', inState('RESTARTING', { samples: 60, stateSince: 400 }), 'clear'],
  ['is quiet on RUNNING', job.HEALTHY, 'clear'],
  ['is quiet about a job that a person stopped', inState('CANCELED'), 'skipped: the job has ended'],
  ['is quiet about a job that came to its end', inState('FINISHED'), 'skipped: the job has ended'],
  ['judges batch jobs too', inState('FAILED', { batch: true }), 'critical job'],
];

describe('job-not-running', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, jobNotRunning);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [jobNotRunning])).toEqual([]);
  });

  it('is sure, and says since when', () => {
    const { title, confidence } = only(judged(inState('FAILED', { samples: 42 }), jobNotRunning).findings);
    expect(title.en).toBe('orders is FAILED since 7 min');
    expect(confidence).toBe(1);
  });

  it('tells a job that is down from one that never comes up', () => {
    expect(only(judged(inState('FAILED'), jobNotRunning).findings).summary.en).toContain('does not bring it back');
    expect(only(judged(inState('CREATED'), jobNotRunning).findings).summary.en).toContain('should have been running');
  });

  it('gives no advice: the cause is another finding', () => {
    expect(judged(inState('FAILED'), jobNotRunning).advice).toEqual([]);
  });
});
