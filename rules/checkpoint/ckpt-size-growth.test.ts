import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptSizeGrowth } from './ckpt-size-growth.js';

const MIB = 1024 * 1024;
const sizes = (mibAt: (share: number) => number, minutes = 61): JobSpec => ({
  ...job.HEALTHY,
  samples: 380,
  checkpoints: Array.from({ length: 61 }, (_, i) => ({ at: 20 + i * minutes, stateBytes: mibAt(i / 60) * MIB })),
});
const YOUNG = 'skipped: a trend of the state needs twenty checkpoints over an hour';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when it grows all the time', sizes((t) => 500 + 400 * t), 'info job'],
  ['is quiet about less than 256 MiB', sizes((t) => 500 + 250 * t), 'clear'],
  ['is quiet about a few per cent', sizes((t) => 10_000 + 400 * t), 'clear'],
  ['is quiet when it flattens (L41)', sizes((t) => 500 + 800 * Math.min(t, 0.45)), 'clear'],
  ['is quiet when it swings', sizes((t) => 1000 + 500 * Math.sin(40 * t)), 'clear'],
  ['is skipped below an hour', sizes((t) => 500 + 400 * t, 50), YOUNG],
  ['is quiet when nothing changes', sizes(() => 900), 'clear'],
  ['is skipped on a young job', job.HEALTHY, YOUNG],
  ['is skipped without checkpoints', job.RIGHT_SIZED, YOUNG],
];

describe('ckpt-size-growth', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptSizeGrowth);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptSizeGrowth])).toEqual([]);
  });
});
