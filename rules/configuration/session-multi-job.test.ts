import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sessionMultiJob } from './session-multi-job.js';

const shared = (spec: JobSpec, jobsOnCluster = 2, more: Partial<JobSpec> = {}): JobSpec => ({
  ...spec,
  jobsOnCluster,
  ...more,
});
const RESTARTING: JobSpec = { ...job.HEALTHY, restarts: (s) => Math.floor(s / 90) };

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on collections', shared(job.GC_PRESSURE), 'info job'],
  ['fires on restarts', shared(RESTARTING), 'info job'],
  ['is quiet when it is alone', shared(job.GC_PRESSURE, 1), 'clear'],
  ['is quiet without trouble', shared(job.HEALTHY), 'clear'],
  [
    'is skipped without TaskManagers',
    shared(RESTARTING, 2, { taskManagers: [] }),
    'skipped: no TaskManager was read yet',
  ],
  ['is skipped while tasks are deployed', shared(RESTARTING, 2, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('session-multi-job', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sessionMultiJob);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sessionMultiJob])).toEqual([]);
  });
});
