import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { cancelStuck } from './cancel-stuck.js';

const cancelling = (seconds: number): JobSpec => ({
  ...job.HEALTHY,
  state: 'CANCELLING',
  stateSince: 300 - seconds,
  tasks: 'CANCELING',
});
const NOT_GRACEFUL =
  'org.apache.flink.util.FlinkRuntimeException: Task did not exit gracefully within 180 + seconds.\n\tat org.apache.flink.runtime.taskmanager.Task$TaskCancelerWatchDog.run(Task.java:1797)';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires after three minutes', cancelling(200), 'warning job'],
  ['is quiet before', cancelling(100), 'clear'],
  [
    'fires on a TaskManager that ended itself',
    { ...job.HEALTHY, exceptions: [{ at: 100, trace: NOT_GRACEFUL }] },
    'warning job',
  ],
  [
    'forgets it after ten minutes',
    { ...job.HEALTHY, samples: 80, exceptions: [{ at: 100, trace: NOT_GRACEFUL }] },
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is skipped once it has ended',
    { ...job.HEALTHY, state: 'CANCELED', tasks: 'CANCELED' },
    'skipped: the job has ended',
  ],
  [
    'is skipped when exceptions cannot be read',
    { ...job.HEALTHY, missing: ['/jobs/:jobid/exceptions'] },
    'skipped: /jobs/:jobid/exceptions could not be read: HTTP 500',
  ],
];

describe('cancel-stuck', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, cancelStuck);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [cancelStuck])).toEqual([]);
  });
});
