import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { uiExposed } from './ui-exposed.js';

const set = (configuration: Readonly<Record<string, string>>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  configuration,
  ...more,
});
const TYPE = 'kubernetes.rest-service.exposed.type';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a load balancer', set({ [TYPE]: 'LoadBalancer' }), 'warning cluster'],
  [
    'fires on a port of each node, on a job that is down too',
    set({ [TYPE]: 'NodePort' }, { state: 'FAILED', tasks: 'FAILED' }),
    'warning cluster',
  ],
  [
    'fires on a bare machine that takes jars on purpose',
    set({ 'rest.bind-address': '0.0.0.0', 'web.submit.enable': 'true' }),
    'warning cluster',
  ],
  ['is quiet about what every image binds', set({ 'rest.bind-address': '0.0.0.0' }), 'clear'],
  ['is quiet within the cluster', set({ [TYPE]: 'ClusterIP' }), 'clear'],
  ['is quiet when no jars are taken', set({ [TYPE]: 'LoadBalancer', 'web.submit.enable': 'false' }), 'clear'],
  [
    'is quiet with client certificates',
    set({ [TYPE]: 'LoadBalancer', 'security.ssl.rest.authentication-enabled': 'true' }),
    'clear',
  ],
  ['is skipped without a configuration', set({}), 'skipped: the configuration was not read yet'],
];

describe('ui-exposed', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, uiExposed);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [uiExposed])).toEqual([]);
  });

  it('switches submission off', () => {
    expect(only(judged(set({ [TYPE]: 'LoadBalancer' }), uiExposed).advice).changes).toMatchObject([
      { key: 'web.submit.enable', to: 'false' },
    ]);
  });
});
