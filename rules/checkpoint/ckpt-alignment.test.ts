import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { CheckpointSpec, JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptAlignment } from './ckpt-alignment.js';

const times = (count: number, checkpoint: CheckpointSpec): CheckpointSpec[] =>
  Array.from({ length: count }, () => checkpoint);
/** L32: a join waits for its slow input; the slow map behind it has the same wait as start delay. */
const L32: CheckpointSpec = {
  phases: {
    slowmap: { start: 3170 },
    j: { start: 10, align: 3166, sync: 1 },
    sink: { start: 3180 },
  },
};
const joined = (checkpoints: readonly CheckpointSpec[], more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    fast: { parallelism: 1, busy: 0.02, out: 200, lag: [0, 0] },
    slow: { parallelism: 1, busy: 0, bp: 1, out: 198 },
    slowmap: { parallelism: 1, inputs: { slow: 'FORWARD' }, busy: 1, in: 198 },
    j: { parallelism: 1, inputs: { fast: 'FORWARD', slowmap: 'FORWARD' }, busy: 0.01, in: 398 },
    sink: { parallelism: 1, inputs: { j: 'FORWARD' }, busy: 0.01, in: 398 },
  },
  checkpoints,
  ...more,
});
const at = (align: number, rest = 0): CheckpointSpec => ({ phases: { j: { align, async: rest } } });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the vertex that waits for its slower input (L32)', joined(times(5, L32)), 'warning j'],
  ['fires on three of the last five', joined([L32, at(0), L32, at(0), L32]), 'warning j'],
  ['is quiet on two of five', joined([L32, at(0), at(0), at(0), L32]), 'clear'],
  ['fires from 3 s', joined(times(5, at(3000))), 'warning j'],
  ['is quiet just below', joined(times(5, at(2999))), 'clear'],
  ['fires from 40 % of the checkpoint', joined(times(5, at(4000, 5990))), 'warning j'],
  ['is quiet just below', joined(times(5, at(4000, 6100))), 'clear'],
  [
    'is only a word while a backlog is worked off',
    vary(joined(times(5, L32)), { vertices: { fast: { lag: [200_000, -400] } } }),
    'info j',
  ],
  ['is quiet on healthy checkpoints', job.HEALTHY, 'clear'],
  [
    'is skipped when the job takes no checkpoints',
    joined([], { checkpointing: 'none' }),
    'skipped: the job takes no checkpoints, or none was read yet',
  ],
  ['is skipped for a batch job', joined(times(5, L32), { batch: true }), BATCH],
  ['is skipped while tasks are deployed', joined(times(5, L32), { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('ckpt-alignment', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptAlignment);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptAlignment])).toEqual([]);
  });

  it('lets barriers overtake, and follows the readings', () => {
    const advice = only(judged(joined(times(5, at(60_000, 500))), ckptAlignment).advice);
    expect(advice.changes.map(({ key, to }) => [key, to])).toEqual([
      ['execution.checkpointing.unaligned.enabled', 'true'],
      ['execution.checkpointing.aligned-checkpoint-timeout', '30 s'],
    ]);
    expect(must(advice.expected[0])).toMatchObject({ metric: 'checkpointDurationMs', from: 60_505, to: 30_500 });
  });

  it('advises nothing where checkpoints are unaligned already', () => {
    expect(judged(joined(times(5, at(60_000)), { checkpointing: { unaligned: true } }), ckptAlignment).advice).toEqual(
      [],
    );
  });

  it('advises only what helps: barriers that wait less than the 30 s would not overtake', () => {
    const advice = judged(joined(times(5, L32)), ckptAlignment).advice;
    for (const { expected } of advice) expect(must(expected[0]).to).toBeLessThan(must(expected[0]).from);
  });
});
