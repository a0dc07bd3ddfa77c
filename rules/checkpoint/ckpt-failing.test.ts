import { describe, expect, it } from 'vitest';
import { BATCH, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { CheckpointSpec, JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptFailing } from './ckpt-failing.js';

const OK: CheckpointSpec = { durationMs: 300 };
const FAILED: CheckpointSpec = { durationMs: 900, failed: 'Asynchronous task checkpoint failed for chk-17' };
/** One letter for each checkpoint, oldest first: `o` completed, `x` failed. */
const line = (letters: string, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  samples: 24,
  checkpoints: [...letters].map((letter) => (letter === 'x' ? FAILED : OK)),
  ...more,
});
const failing = (message: string, count = 4): JobSpec =>
  line('', { checkpoints: Array.from({ length: count }, () => ({ failed: message })) });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a warning from a fifth of the last ten', line('ooxooooxoo'), 'warning job'],
  ['is quiet about a single failure', line('ooooxooooo'), 'clear'],
  ['is quiet about a single failure of two', line('xo'), 'clear'],
  ['looks at the last ten only', line('xxxxxooooooooox'), 'clear'],
  ['is critical from three in a row', line('oooooooxxx'), 'critical job'],
  ['is a warning while only two in a row failed', line('ooooooooxx'), 'warning job'],
  ['is a warning again once one completed', line('ooooooxxxo'), 'warning job'],
  ['is critical when none completed for ten minutes', { ...line('oxox'), samples: 80 }, 'critical job'],
  [
    'ignores what only says that the job was starting',
    failing('Not all required tasks are currently running'),
    'clear',
  ],
  ['ignores what only says that the job was stopping', failing('Checkpoint Coordinator is suspending.'), 'clear'],
  ['ignores what a newer one overtook', failing('Checkpoint has been subsumed'), 'clear'],
  ['does not judge by counts without an entry in the history (fact 6)', line('oooooooooo'), 'clear'],
  [
    'ignores savepoints',
    line('', { checkpoints: Array.from({ length: 4 }, () => ({ ...FAILED, savepoint: true })) }),
    'clear',
  ],
  ['judges a job that restarts too', line('xxxx', { state: 'RESTARTING' }), 'critical job'],
  [
    'is skipped when the job takes no checkpoints',
    line('', { checkpointing: 'none' }),
    'skipped: the job takes no checkpoints, or none was read yet',
  ],
  ['is skipped for a batch job', line('xxxx', { batch: true }), BATCH],
];

describe('ckpt-failing', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptFailing);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptFailing])).toEqual([]);
  });

  it('repeats what Flink says, with numbers masked', () => {
    const { title, summary } = only(judged(line('oooooooxxx'), ckptFailing).findings);
    expect(title.en).toBe('3 of the last 10 checkpoints of orders failed');
    expect(summary.en).toBe('3 in a row. Flink says: Asynchronous task checkpoint failed for chk#');
  });

  it('buys time where one failure takes the job down', () => {
    const advice = only(judged(line('xxxx'), ckptFailing).advice);
    expect(advice.changes).toEqual([
      { scope: 'job', key: 'execution.checkpointing.tolerable-failed-checkpoints', from: 0, to: 3, unit: '' },
    ]);
    expect(advice.diffs.sql).toBe("SET 'execution.checkpointing.tolerable-failed-checkpoints' = '3';");
    expect(must(advice.prerequisites[0]).en).toContain('this only buys time');
  });

  it('advises nothing where three are tolerated already', () => {
    expect(judged(line('xxxx', { checkpointing: { tolerableFailures: 3 } }), ckptFailing).advice).toEqual([]);
  });

  it('follows the readings: from what is tolerated now', () => {
    const two = line('xxxx', { checkpointing: { tolerableFailures: 2 } });
    expect(only(judged(two, ckptFailing).advice).changes).toMatchObject([{ from: 2, to: 3 }]);
  });
});
