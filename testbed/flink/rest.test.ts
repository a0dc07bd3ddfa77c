import { describe, expect, it } from 'vitest';
import { allTasksRunning, type JobDetails } from './rest.js';

const job = (state: string, ...tasks: Record<string, number>[]): JobDetails => ({
  jid: 'j',
  name: 'n',
  state,
  vertices: tasks.map((t, i) => ({ id: `v${i}`, name: `v${i}`, parallelism: 2, tasks: t })),
});

describe('allTasksRunning', () => {
  it('is true when every task of every vertex runs', () => {
    expect(allTasksRunning(job('RUNNING', { RUNNING: 2 }, { RUNNING: 2, CREATED: 0 }))).toBe(true);
  });

  it('is false for a running job whose tasks wait for slots', () => {
    expect(allTasksRunning(job('RUNNING', { SCHEDULED: 2 }))).toBe(false);
  });

  it('is false while one task initialises', () => {
    expect(allTasksRunning(job('RUNNING', { RUNNING: 2 }, { RUNNING: 1, INITIALIZING: 1 }))).toBe(false);
  });
});
