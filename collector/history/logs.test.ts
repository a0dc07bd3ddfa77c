import { describe, expect, it } from 'vitest';
import { MAX_CHECKPOINTS_PER_JOB, MAX_DETAILED_CHECKPOINTS_PER_JOB, MAX_EXCEPTIONS_PER_JOB } from '../limits.js';
import type { JobDetail, JobException } from '../model/index.js';
import { checkpointOf } from '../testing/store-rows.js';
import { CheckpointLog } from './checkpoint-log.js';
import { ExceptionLog } from './exception-log.js';
import { StateLog } from './state-log.js';

const counts = { total: 0, completed: 0, failed: 0, inProgress: 0, restored: 0 };
const exception = (atMs: number, more: Partial<JobException> = {}): JobException => ({
  atMs,
  exceptionName: 'X',
  stacktrace: 'X: why',
  concurrent: false,
  ...more,
});

describe('ExceptionLog', () => {
  it('reports each entry once, oldest first', () => {
    const log = new ExceptionLog();
    const newestFirst = [exception(2), exception(1), exception(1, { concurrent: true })];
    expect(log.add({ isHistory: true, exceptions: newestFirst }).map((one) => one.atMs)).toEqual([1, 1, 2]);
    expect(log.add({ isHistory: true, exceptions: [exception(3), ...newestFirst] }).map((one) => one.atMs)).toEqual([
      3,
    ]);
    expect(log.all()).toHaveLength(4);
  });

  it('shows a stand-in until the history has the same failure with its own time', () => {
    const log = new ExceptionLog();
    expect(log.add({ isHistory: false, exceptions: [exception(10)] })).toEqual([]);
    expect(log.all().map((one) => one.atMs)).toEqual([10]);
    log.add({ isHistory: true, exceptions: [exception(12)] });
    expect(log.all().map((one) => one.atMs)).toEqual([12]);
  });

  it('is bounded', () => {
    const log = new ExceptionLog();
    for (let atMs = 0; atMs < 2 * MAX_EXCEPTIONS_PER_JOB; atMs += 1)
      log.add({ isHistory: true, exceptions: [exception(atMs)] });
    expect(log.all()).toHaveLength(MAX_EXCEPTIONS_PER_JOB);
    expect(log.all().at(-1)?.atMs).toBe(2 * MAX_EXCEPTIONS_PER_JOB - 1);
  });
});

it('keeps the failure that began it through a thousand that only repeat what came of it', () => {
  const log = new ExceptionLog();
  log.add({ isHistory: true, exceptions: [exception(1, { exceptionName: 'Lost', stacktrace: 'Lost: tm-1' })] });
  for (let atMs = 2; atMs < 5 * MAX_EXCEPTIONS_PER_JOB; atMs += 1)
    log.add({ isHistory: true, exceptions: [exception(atMs, { stacktrace: `X: no slot for attempt ${atMs}` })] });
  const kept = log.all().map(({ atMs }) => atMs);
  expect(kept).toHaveLength(MAX_EXCEPTIONS_PER_JOB);
  // The loss, the first of the others, and the newest.
  expect([kept[0], kept[1], kept.at(-1)]).toEqual([1, 2, 5 * MAX_EXCEPTIONS_PER_JOB - 1]);
});

describe('phases are held', () => {
  it.each([
    [4, 20],
    [256, 20],
    [512, 10],
    [1_024, 5],
    [4_000, 5],
  ])('of a job of %i subtasks for its last %i checkpoints', (subtasks, held) => {
    const log = new CheckpointLog();
    const details = Array.from({ length: subtasks }, (_, subtask) => ({ vertexId: 'v', subtask, acknowledged: true }));
    for (let id = 1; id <= 25; id += 1) {
      log.add({ counts, history: [checkpointOf(id, id)] });
      log.addDetails(id, details);
    }
    const detailed = log.all().filter((one) => one.details !== undefined);
    expect(detailed.map(({ id }) => id)).toEqual(Array.from({ length: held }, (_, i) => 26 - held + i));
  });
});

describe('CheckpointLog', () => {
  it('that found no phases waits as long for the next as one that did: each asks for every vertex', () => {
    const log = new CheckpointLog();
    log.add({ counts, history: [checkpointOf(1, 5)] });
    expect(log.roundsSinceDetails).toBe(Number.MAX_SAFE_INTEGER);
    log.giveUpDetails(1);
    log.add({ counts, history: [checkpointOf(2, 6), checkpointOf(1, 5)] });
    expect([log.isDone(1), log.roundsSinceDetails]).toEqual([true, 1]);
  });

  it('reports a checkpoint when it has ended, and once', () => {
    const log = new CheckpointLog();
    const running = checkpointOf(1, 5, { status: 'IN_PROGRESS' });
    expect(log.add({ counts, history: [running] })).toEqual([]);
    expect(log.add({ counts, history: [checkpointOf(1, 5)] }).map((one) => one.id)).toEqual([1]);
    expect(log.add({ counts, history: [checkpointOf(1, 5)] })).toEqual([]);
    expect(log.all()).toHaveLength(1);
  });

  it('is bounded, and holds phases of the newest only', () => {
    const log = new CheckpointLog();
    for (let id = 0; id < 2 * MAX_CHECKPOINTS_PER_JOB; id += 1) {
      log.add({ counts, history: [checkpointOf(id, id)] });
      log.addDetails(id, [{ vertexId: 'v', subtask: 0, acknowledged: false }]);
    }
    expect(log.all()).toHaveLength(MAX_CHECKPOINTS_PER_JOB);
    const detailed = log.all().filter((one) => one.details !== undefined);
    expect(detailed).toHaveLength(MAX_DETAILED_CHECKPOINTS_PER_JOB);
    expect(log.isDone(2 * MAX_CHECKPOINTS_PER_JOB - 1)).toBe(true);
  });
});

describe('StateLog', () => {
  it('has the states that came and went between two rounds', () => {
    const log = new StateLog();
    const detail = (stateSinceMs: JobDetail['stateSinceMs']): JobDetail => ({
      jobId: 'j',
      name: 'n',
      state: 'RUNNING',
      type: 'STREAMING',
      startMs: 0,
      stateSinceMs,
      vertices: [],
      edges: [],
    });
    expect(log.add(detail({ RUNNING: 3, CREATED: 2, INITIALIZING: 1 })).map((one) => one.state)).toEqual([
      'INITIALIZING',
      'CREATED',
      'RUNNING',
    ]);
    const next = log.add(detail({ RUNNING: 30, RESTARTING: 20, CREATED: 2, INITIALIZING: 1 }));
    expect(next).toEqual([
      { state: 'RESTARTING', atMs: 20 },
      { state: 'RUNNING', atMs: 30 },
    ]);
    expect(log.add(detail({ RUNNING: 30 }))).toEqual([]);
  });
});
