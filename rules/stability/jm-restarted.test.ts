import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { historyOf } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { jmRestarted } from './jm-restarted.js';

/** Ten checkpoints are known; the job started anew after so many seconds, and Flink counts so many since. */
const restarted = (startedAt: number, total: number, more: Partial<JobSpec> = {}): JobSpec => {
  const { detail } = historyOf(job.HEALTHY);
  return {
    ...job.HEALTHY,
    ...more,
    history: {
      detail: { ...detail, startMs: detail.startMs + 10_000 + startedAt * 1000 },
      checkpointCounts: { total, completed: total, failed: 0, inProgress: 0, restored: 1 },
    },
  };
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when checkpoints are older than the start', restarted(150, 4), 'warning jobmanager'],
  ['is quiet when Flink counts all of them', restarted(150, 10), 'clear'],
  ['is quiet when none is older', restarted(0, 4), 'clear'],
  ['forgets it after an hour', restarted(150, 4, { samples: 380 }), 'clear'],
  [
    'is not evaluated before the count is read',
    {
      ...restarted(150, 4),
      history: {
        detail: { ...historyOf(job.HEALTHY).detail, startMs: historyOf(job.HEALTHY).detail.startMs + 160_000 },
      },
    },
    'skipped: /jobs/:jobid/checkpoints was not read since the job started',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('jm-restarted', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, jmRestarted);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [jmRestarted])).toEqual([]);
  });
});
