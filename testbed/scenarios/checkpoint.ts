import { map, sink, source } from '../graph.js';
import type { Scenario } from '../scenario.js';

/** 20 MB of state per subtask. */
const MUCH_STATE = [
  source('src', { p: 2, rate: 200 }),
  map('work', 'src:rebalance', { p: 2, parkUs: 200, stateMb: 20 }),
  sink('sink', 'work:forward', { p: 2 }),
];

const slowStorage = (bytesPerSecond: number): Scenario['config'] => ({
  'state.checkpoints.dir': 'slow://$WORK/checkpoints',
  'slow.bytes-per-second': String(bytesPerSecond),
});

/** A checkpoint needs twice the time it may take. */
const EXPIRING: Scenario['config'] = {
  ...slowStorage(1_000_000),
  'execution.checkpointing.interval': '10 s',
  'execution.checkpointing.timeout': '10 s',
};

export const checkpointScenarios: readonly Scenario[] = [
  {
    id: 'slow-snapshot',
    title: 'snapshotState blocks for 3 s',
    like: 'L33',
    graph: [
      source('src', { p: 2, rate: 200 }),
      map('work', 'src:rebalance', { p: 2, parkUs: 200, snapshotMs: 3000 }),
      sink('sink', 'work:forward', { p: 2 }),
    ],
    expect: { rule: 'ckpt-sync', operator: 'work', mustNot: ['ckpt-async'] },
  },
  {
    id: 'slow-storage',
    title: 'checkpoint storage takes 1 MB/s per writer; 20 MB of state per subtask',
    like: 'L34',
    config: {
      ...slowStorage(1_000_000),
      // Longer than a checkpoint takes, so that this is about storage and not about the interval.
      'execution.checkpointing.interval': '30 s',
    },
    graph: MUCH_STATE,
    expect: { rule: 'ckpt-async', operator: 'work', mustNot: ['ckpt-interval-too-short'] },
  },
  {
    id: 'hurried-checkpoints',
    title: 'a checkpoint every 500 ms that takes longer than that',
    like: 'L36',
    config: {
      ...slowStorage(30_000_000),
      'execution.checkpointing.interval': '500 ms',
    },
    graph: MUCH_STATE,
    expect: { rule: 'ckpt-interval-too-short' },
  },
  {
    id: 'expiring-checkpoints',
    title: 'storage takes 1 MB/s, and a checkpoint may take 10 s',
    like: 'L37',
    config: {
      ...EXPIRING,
      'execution.checkpointing.tolerable-failed-checkpoints': '100',
    },
    graph: MUCH_STATE,
    expect: { rule: 'ckpt-timeout' },
  },
  {
    id: 'intolerable-checkpoints',
    title: 'the same, and the first failure restarts the job',
    like: 'L38',
    config: {
      ...EXPIRING,
      'execution.checkpointing.tolerable-failed-checkpoints': '0',
    },
    graph: MUCH_STATE,
    // That they expire is the cause; that they fail, and the job with them, its consequence.
    expect: { rule: 'ckpt-timeout', symptoms: ['ckpt-failing'] },
  },
];
