import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { CheckpointSpec, JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptSync } from './ckpt-sync.js';

const times = (count: number, checkpoint: CheckpointSpec): CheckpointSpec[] =>
  Array.from({ length: count }, () => checkpoint);
const sync = (ms: number, rest = 20): CheckpointSpec => ({ phases: { map: { start: rest, sync: ms, async: 4 } } });
const on = (checkpoints: readonly CheckpointSpec[], more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  checkpoints,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the vertex that stands still (L33)', on(times(5, sync(3000))), 'warning map'],
  ['fires on three of the last five', on([sync(3000), sync(0), sync(3000), sync(0), sync(3000)]), 'warning map'],
  ['is quiet on two of five', on([sync(3000), sync(0), sync(0), sync(0), sync(3000)]), 'clear'],
  ['fires from 1 s', on(times(5, sync(1000))), 'warning map'],
  ['is quiet just below', on(times(5, sync(999))), 'clear'],
  ['is quiet when it is less than a third of the checkpoint', on(times(5, sync(1100, 3000))), 'clear'],
  ['fires when it is a little more than a third of the checkpoint', on(times(5, sync(1100, 2000))), 'warning map'],
  ['is quiet when the barrier waits, not the snapshot', on(times(5, { phases: { map: { start: 14_000 } } })), 'clear'],
  ['is quiet on healthy checkpoints', job.HEALTHY, 'clear'],
  [
    'is skipped when the job takes no checkpoints',
    on([], { checkpointing: 'none' }),
    'skipped: the job takes no checkpoints, or none was read yet',
  ],
  ['is skipped for a batch job', on(times(5, sync(3000)), { batch: true }), BATCH],
  ['is skipped while tasks are deployed', on(times(5, sync(3000)), { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('ckpt-sync', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptSync);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptSync])).toEqual([]);
  });

  it('tells what the stops cost', () => {
    const { title, summary } = only(judged(on(times(5, sync(3000))), ckptSync).findings);
    expect(title.en).toBe('map stands still for 3 s at each checkpoint');
    expect(summary.en).toContain('23 % of its time');
  });

  it('takes checkpoints less often, and sends the blocking work elsewhere', () => {
    const advice = only(judged(on(times(5, sync(3000))), ckptSync).advice);
    // √(2 · 3 s · one day) = 720 s, kept within ten minutes.
    expect(advice.changes).toEqual([
      { scope: 'job', key: 'execution.checkpointing.interval', from: '10 s', to: '600 s', unit: '' },
    ]);
    expect(advice.diffs['config.yaml']).toBe(
      '- execution.checkpointing.interval: 10 s\n+ execution.checkpointing.interval: 600 s',
    );
    expect(advice.title.en).toContain('move the blocking work out of snapshotState');
    expect(must(advice.expected[0]).to).toBeCloseTo(3 / 603);
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toContain('unaligned checkpoints');
  });

  it('follows the readings: half the stop, a shorter interval', () => {
    const advice = only(judged(on(times(5, sync(1500))), ckptSync).advice);
    // √(2 · 1.5 s · one day) = 509.1 s.
    expect(only(advice.changes).to).toBe('510 s');
  });

  it('advises nothing when the interval is long already', () => {
    expect(judged(on(times(5, sync(3000)), { checkpointing: { intervalMs: 900_000 } }), ckptSync).advice).toEqual([]);
  });
});
