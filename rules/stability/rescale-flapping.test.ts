import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { historyOf, nowOf } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { rescaleFlapping } from './rescale-flapping.js';

const rescaled = (minutesAgo: readonly number[], outcome = 'COMPLETED', cause = 'UPDATE_REQUIREMENT'): JobSpec => ({
  ...job.HEALTHY,
  history: {
    rescales: minutesAgo.map((minutes, i) => ({
      id: String(i),
      startMs: nowOf(historyOf(job.HEALTHY)) - minutes * 60_000,
      outcome,
      cause,
    })),
  },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on three within an hour', rescaled([50, 30, 5]), 'warning job'],
  ['is quiet about two', rescaled([30, 5]), 'clear'],
  ['is quiet about older ones', rescaled([90, 70, 5]), 'clear'],
  ['is quiet about those that did not come to pass', rescaled([50, 30, 5], 'IGNORED'), 'clear'],
  ['is quiet about recoveries', rescaled([50, 30, 5], 'COMPLETED', 'RECOVERABLE_FAILOVER'), 'clear'],
  ['is quiet under the default scheduler', job.HEALTHY, 'clear'],
  [
    'is not evaluated where an adaptive one does not tell',
    { ...job.HEALTHY, configuration: { 'jobmanager.scheduler': 'adaptive' } },
    'skipped: rescales of an adaptive scheduler are told from Flink 2.3 on (/jobs/:jobid/rescales/history); before, numRescales (2.0+) would count them, which is not read',
  ],
];

describe('rescale-flapping', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, rescaleFlapping);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [rescaleFlapping])).toEqual([]);
  });
});
