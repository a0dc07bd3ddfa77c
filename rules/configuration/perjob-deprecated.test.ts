import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { perjobDeprecated } from './perjob-deprecated.js';

const target = (value: string, flink = '1.20.3'): JobSpec => ({
  ...job.HEALTHY,
  flink,
  configuration: { 'execution.target': value },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on per-job mode', target('yarn-per-job'), 'info job'],
  ['fires from 1.15 on', target('yarn-per-job', '1.15.4'), 'info job'],
  ['is quiet before', target('yarn-per-job', '1.14.6'), 'clear'],
  ['is quiet on application mode', target('yarn-application'), 'clear'],
  ['is quiet on a session', target('yarn-session'), 'clear'],
  ['is quiet where nothing says how it was deployed', job.HEALTHY, 'clear'],
  ['is skipped without a configuration', { ...job.HEALTHY, configuration: {} }, 'skipped: the configuration was not read yet'], // prettier-ignore
];

describe('perjob-deprecated', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, perjobDeprecated);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [perjobDeprecated])).toEqual([]);
  });
});
