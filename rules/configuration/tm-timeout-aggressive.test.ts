import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { tmTimeoutAggressive } from './tm-timeout-aggressive.js';

/** One collection of this length at 200 s, under this timeout. */
const paused = (ms: number, timeout: string, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  taskManagers: [
    { collectorsAt: (s) => [{ name: 'G1_Young_Generation', count: s < 200 ? 0 : 1, timeMs: s < 200 ? 0 : ms }] },
  ],
  configuration: { 'heartbeat.timeout': timeout },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a short timeout and a long pause', paused(5000, '10000'), 'info job'],
  ['fires just below 30 s', paused(5000, '29 s'), 'info job'],
  ['is quiet from 30 s on', paused(5000, '30 s'), 'clear'],
  ['is quiet with the default', paused(20_000, '', { configuration: { a: 'b' } }), 'clear'],
  ['is quiet about shorter pauses', paused(4900, '10000'), 'clear'],
  ['forgets a pause after ten minutes', paused(5000, '10000', { samples: 82 }), 'clear'],
  [
    'is skipped without readings of the collectors',
    paused(5000, '10000', { taskManagers: [{ silent: true }] }),
    'skipped: no TaskManager of this job has told three readings of its collectors and heap yet',
  ],
  ['is skipped without a configuration', paused(5000, '', { configuration: {} }), 'skipped: the configuration was not read yet'], // prettier-ignore
  ['is skipped while tasks are deployed', paused(5000, '10000', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('tm-timeout-aggressive', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, tmTimeoutAggressive);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [tmTimeoutAggressive])).toEqual([]);
  });

  it('goes back to the default', () => {
    expect(only(judged(paused(6000, '10000'), tmTimeoutAggressive).advice).changes).toMatchObject([
      { key: 'heartbeat.timeout', from: '10000', to: 50_000 },
    ]);
  });
});
