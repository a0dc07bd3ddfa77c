import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../collector/model/index.js';
import { oncePerRun } from './per-run.js';

const completed = ({ id }: { readonly id: number }): Checkpoint => ({
  id,
  status: 'COMPLETED',
  isSavepoint: false,
  triggerMs: id * 10_000,
  durationMs: 100,
  stateSizeBytes: 1000,
  subtasks: 1,
  acknowledgedSubtasks: 1,
});

const run = [1, 2, 3, 4].map((id) => completed({ id }));

describe('what is derived from a run of checkpoints', () => {
  it.each([
    ['the same run', run, 1],
    ['the same checkpoints in another array', [...run], 1],
    ['one more that has ended', [...run, completed({ id: 5 })], 2],
    ['one less at its beginning', run.slice(1), 2],
    ['one less between', [...run.slice(0, 2), ...run.slice(3)], 2],
    ['the newest told anew, with its phases say', [...run.slice(0, 3), { ...completed({ id: 4 }), details: [] }], 2],
  ])('%s', (_, next, derivedTimes) => {
    let times = 0;
    const count = oncePerRun((checkpoints) => {
      times += 1;
      return checkpoints.length;
    });
    expect(count(run)).toBe(run.length);
    expect(count(next)).toBe(next.length);
    expect(times).toBe(derivedTimes);
  });

  it('is derived for an empty run too', () => {
    expect(oncePerRun((checkpoints) => checkpoints.length)([])).toBe(0);
  });
});
