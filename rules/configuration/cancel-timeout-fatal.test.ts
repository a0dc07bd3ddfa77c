import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { cancelTimeoutFatal } from './cancel-timeout-fatal.js';

const set = (value: string): JobSpec => ({ ...job.HEALTHY, configuration: { 'task.cancellation.timeout': value } });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on half a minute', set('30000'), 'info job'],
  ['reads durations', set('59 s'), 'info job'],
  ['is quiet from a minute', set('1 min'), 'clear'],
  ['is quiet when the watchdog is off', set('0'), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('cancel-timeout-fatal', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, cancelTimeoutFatal);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [cancelTimeoutFatal])).toEqual([]);
  });
});
