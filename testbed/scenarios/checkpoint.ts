import { map, sink, source } from '../graph.js';
import type { Scenario } from '../scenario.js';

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
      'state.checkpoints.dir': 'slow://$WORK/checkpoints',
      'slow.bytes-per-second': '1000000',
      // Longer than a checkpoint takes, so that this is about storage and not about the interval.
      'execution.checkpointing.interval': '30 s',
    },
    graph: [
      source('src', { p: 2, rate: 200 }),
      map('work', 'src:rebalance', { p: 2, parkUs: 200, stateMb: 20 }),
      sink('sink', 'work:forward', { p: 2 }),
    ],
    expect: { rule: 'ckpt-async', operator: 'work', mustNot: ['ckpt-interval-too-short'] },
  },
];
