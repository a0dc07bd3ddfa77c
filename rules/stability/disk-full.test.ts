import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { only } from '../../analyzer/testing/must.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import * as trace from '../../analyzer/testing/traces.js';
import { diskFull } from './disk-full.js';

describe('disk-full', () => {
  it.each(failureClaims(trace.NO_SPACE, 'tm-1'))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, diskFull);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [diskFull])).toEqual([]);
  });

  const failed = (count: number): JobSpec => ({
    ...job.HEALTHY,
    checkpoints: Array.from({ length: count }, () => ({ failed: 'java.io.IOException: No space left on device' })),
  });
  it.each([
    ['is a word about one tolerated checkpoint', failed(1), 'info job'],
    ['is a warning about two', failed(2), 'warning job'],
    [
      'is quiet about checkpoints that fail of something else',
      { ...job.HEALTHY, checkpoints: [{ failed: 'Checkpoint expired before completing.' }] },
      'clear',
    ],
  ])('%s', (_claim, spec, said) => {
    const verdict = judged(spec, diskFull);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [diskFull])).toEqual([]);
  });

  it('gives no advice, but names the places to look at', () => {
    const verdict = judged(fallen(trace.NO_SPACE, [100, 250]), diskFull);
    expect(verdict.advice).toEqual([]);
    expect(only(verdict.findings).summary.en).toContain('io.tmp.dirs');
  });
});
