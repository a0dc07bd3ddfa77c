import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptDurationTrend } from './ckpt-duration-trend.js';

const lasting = (msAt: (share: number) => number, seconds = 61): JobSpec => ({
  ...job.HEALTHY,
  samples: 380,
  checkpoints: Array.from({ length: 61 }, (_, i) => ({ at: 20 + i * seconds, durationMs: msAt(i / 60) })),
});
const YOUNG = 'skipped: a trend of the duration needs twenty checkpoints over an hour';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when they rise all the time', lasting((t) => 1000 + 6000 * t), 'info job'],
  ['is quiet below two seconds more', lasting((t) => 500 + 2500 * t), 'clear'],
  ['is quiet below twice as long', lasting((t) => 10_000 + 9000 * t), 'clear'],
  ['is quiet about a bad quarter of an hour', lasting((t) => (t > 0.3 && t < 0.6 ? 20_000 : 1000)), 'clear'],
  ['is skipped below an hour', lasting((t) => 1000 + 6000 * t, 50), YOUNG],
  ['is quiet when nothing changes', lasting(() => 3000), 'clear'],
  ['is skipped on a young job', job.HEALTHY, YOUNG],
  ['is skipped without checkpoints', job.RIGHT_SIZED, YOUNG],
];

describe('ckpt-duration-trend', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptDurationTrend);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptDurationTrend])).toEqual([]);
  });
});
