import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptStraggler } from './ckpt-straggler.js';

const uploads = (
  slowMs: number,
  others: number,
  more: { slow?: readonly number[]; bytes?: number; start?: number } = {},
): JobSpec => ({
  ...job.HEALTHY,
  checkpoints: (more.slow ?? [1, 1, 1, 1, 1]).map((slow) => ({
    phases: {
      agg: [0, 1].map((subtask) => ({
        start: subtask === slow ? (more.start ?? 5) : 5,
        async: subtask === slow ? slowMs : others,
        bytes: subtask === slow ? (more.bytes ?? 1000) : 1000,
      })),
    },
  })),
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the one subtask that is slow (L39)', uploads(12_050, 317), 'warning agg[1]'],
  ['fires from 5 s', uploads(5000, 100), 'warning agg[1]'],
  ['is quiet just below', uploads(4990, 100), 'clear'],
  ['is quiet when the others are slow too', uploads(12_000, 4100), 'clear'],
  ['is quiet when another one is slow each time', uploads(12_000, 100, { slow: [0, 1, 0, 1, 5] }), 'clear'],
  ['is quiet about a barrier that waits: that is no snapshot', uploads(100, 100, { start: 20_000 }), 'clear'],
  [
    'is skipped while no phases are read',
    { ...job.HEALTHY, checkpoints: [{ durationMs: 9000 }] },
    'skipped: no completed checkpoint has its phases per subtask read yet (/jobs/:jobid/checkpoints/details)',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is quiet on a right-sized job',
    job.RIGHT_SIZED,
    'skipped: no completed checkpoint has its phases per subtask read yet (/jobs/:jobid/checkpoints/details)',
  ],
];

describe('ckpt-straggler', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptStraggler);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptStraggler])).toEqual([]);
  });

  it('tells uneven state from a slow machine', () => {
    const said = (bytes: number): string | undefined =>
      judged(uploads(12_000, 100, { bytes }), ckptStraggler).findings[0]?.summary.en;
    expect(said(42_000)).toContain('42 times');
    expect(said(1000)).toContain('TaskManager tm-1');
  });
});
