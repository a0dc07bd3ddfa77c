import { describe, expect, it } from 'vitest';
import { aDayOld, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { metricsReporterMissing } from './metrics-reporter-missing.js';

const set = (configuration: Readonly<Record<string, string>>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  configuration,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires after a day', aDayOld(set({ a: 'b' })), 'info cluster'],
  ['is quiet in the first day', set({ a: 'b' }), 'clear'],
  ['is quiet with a reporter', aDayOld(set({ 'metrics.reporter.prom.port': '9249' })), 'clear'],
  ['is quiet with a list of them', aDayOld(set({ 'metrics.reporters': 'jmx' })), 'clear'],
  ['is skipped without a configuration', set({}), 'skipped: the configuration was not read yet'],
  ['is skipped while tasks are deployed', set({ a: 'b' }, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('metrics-reporter-missing', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, metricsReporterMissing);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [metricsReporterMissing])).toEqual([]);
  });

  it('adds the one of Prometheus', () => {
    expect(only(judged(aDayOld(set({ a: 'b' })), metricsReporterMissing).advice).changes.map(({ key }) => key)).toEqual(
      ['metrics.reporter.prom.factory.class', 'metrics.reporter.prom.port'],
    );
  });
});
