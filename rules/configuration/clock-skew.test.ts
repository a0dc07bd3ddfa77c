import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { historyOf } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { clockSkew } from './clock-skew.js';

const ahead = (ms: number, count = 3, more: Partial<JobSpec> = {}): JobSpec => {
  const spec: JobSpec = {
    ...job.HEALTHY,
    checkpoints: Array.from({ length: count }, () => ({ phases: { agg: { start: 10 } } })),
    ...more,
  };
  const checkpoints = historyOf(spec).checkpoints.map((checkpoint) => ({
    ...checkpoint,
    details: (checkpoint.details ?? []).map((detail) =>
      detail.vertexId === 'agg' && detail.subtask === 1
        ? { ...detail, startDelayMs: (detail.endToEndMs ?? 0) + ms }
        : detail,
    ),
  }));
  return { ...spec, history: { checkpoints } };
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on two seconds and names the TaskManager', ahead(2000), 'info tm-1'],
  ['is quiet below a second', ahead(900), 'clear'],
  [
    'is quiet about delays that end later',
    { ...job.HEALTHY, checkpoints: Array.from({ length: 3 }, () => ({ phases: { agg: { start: 9000 } } })) },
    'clear',
  ],
  [
    'is not evaluated with fewer than three',
    ahead(2000, 2),
    'skipped: no completed checkpoint has its phases per subtask read yet (/jobs/:jobid/checkpoints/details)',
  ],
  ['is skipped while tasks are deployed', { ...job.HEALTHY, tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('clock-skew', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, clockSkew);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [clockSkew])).toEqual([]);
  });
});
