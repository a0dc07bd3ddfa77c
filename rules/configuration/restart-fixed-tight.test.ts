import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { restartFixedTight } from './restart-fixed-tight.js';

const fixed = (attempts: string, delay: string): JobSpec => ({
  ...job.HEALTHY,
  configuration: {
    'restart-strategy.type': 'fixed-delay',
    'restart-strategy.fixed-delay.attempts': attempts,
    'restart-strategy.fixed-delay.delay': delay,
  },
});
const code = (said: string): JobSpec => ({
  ...job.HEALTHY,
  configuration: { 'execution-config.restart-strategy': said },
});
const CASE = fixed('3', '10 s');

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on three attempts', CASE, 'info job'],
  ['fires on ten attempts within ten seconds', fixed('10', '1 s'), 'info job'],
  ['is quiet from five attempts over a minute', fixed('5', '12 s'), 'clear'],
  ['is quiet about attempts without end', fixed('2147483647', '1 s'), 'clear'],
  ['reads what code has set', code('Restart with fixed delay (PT10S). #3 restart attempts.'), 'info job'],
  ['is quiet about another strategy', code('Restarts with exponential delay'), 'clear'],
  ['is quiet on a batch job', { ...CASE, batch: true }, 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('restart-fixed-tight', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, restartFixedTight);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [restartFixedTight])).toEqual([]);
  });
});
