import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { jvmExitOnOomOff } from './jvm-exit-on-oom-off.js';

const KUBERNETES = { 'kubernetes.cluster-id': 'orders' };
const set = (configuration: Readonly<Record<string, string>>): JobSpec => ({ ...job.HEALTHY, configuration });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on Kubernetes', set(KUBERNETES), 'info job'],
  ['fires on YARN', set({ 'execution.target': 'yarn-application' }), 'info job'],
  ['fires when it is switched off', set({ ...KUBERNETES, 'taskmanager.jvm-exit-on-oom': 'false' }), 'info job'],
  ['is quiet when it is on', set({ ...KUBERNETES, 'taskmanager.jvm-exit-on-oom': 'true' }), 'clear'],
  ['is quiet on machines where nobody starts it again', set({ 'execution.target': 'remote' }), 'clear'],
  ['is skipped without a configuration', set({}), 'skipped: the configuration was not read yet'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('jvm-exit-on-oom-off', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, jvmExitOnOomOff);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [jvmExitOnOomOff])).toEqual([]);
  });

  it('switches it on', () => {
    expect(only(judged(set(KUBERNETES), jvmExitOnOomOff).advice).changes).toMatchObject([
      { key: 'taskmanager.jvm-exit-on-oom', from: null, to: 'true' },
    ]);
  });
});
