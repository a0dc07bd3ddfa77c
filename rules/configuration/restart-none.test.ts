import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { restartNone } from './restart-none.js';

const set = (configuration: JobSpec['configuration'], more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  configuration: configuration ?? {},
  ...more,
});
const CASE = set({ 'restart-strategy.type': 'none' });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on none', CASE, 'info job'],
  ['reads the old name', set({ 'restart-strategy': 'off' }), 'info job'],
  ['fires when code turned it off', set({ 'execution-config.restart-strategy': 'Restart deactivated.' }), 'info job'],
  ['fires without checkpoints and without a strategy', set({ a: 'b' }, { checkpointing: 'off' }), 'info job'],
  ['is quiet with checkpoints: Flink then restarts', set({ a: 'b' }), 'clear'],
  [
    'is quiet when code says otherwise',
    set({
      'restart-strategy.type': 'none',
      'execution-config.restart-strategy': 'Restart with fixed delay (10000 ms). #3 restart attempts.',
    }),
    'clear',
  ],
  [
    'is skipped while nothing says',
    set({ a: 'b' }, { checkpointing: 'none' }),
    'skipped: /jobs/:jobid/checkpoints/config was not read yet',
  ],
  ['is quiet on a batch job', { ...CASE, batch: true }, 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('restart-none', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, restartNone);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [restartNone])).toEqual([]);
  });
});
