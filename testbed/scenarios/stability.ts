import { agg, map, sink, source } from '../graph.js';
import type { Scenario } from '../scenario.js';

export const stabilityScenarios: readonly Scenario[] = [
  {
    id: 'restart-loop',
    title: 'user code fails every 20 s',
    like: 'L42',
    graph: [
      source('src', { p: 2, rate: 250, keys: 'uniform:1000' }),
      map('work', 'src:rebalance', { p: 2, parkUs: 200, failEveryS: 20 }),
      agg('agg', 'work:hash', { p: 2, parkUs: 200 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    // The exception itself is a true finding too, and is known after the first failure already.
    expect: { rule: 'restart-loop', alsoTrue: ['exception-group'], mustNot: ['tm-lost', 'ckpt-failing'] },
  },
  {
    id: 'batch-hot-key',
    title: 'a batch job of 160,000 records, one key has 39 % of them',
    like: 'L58',
    config: { 'execution.runtime-mode': 'BATCH' },
    graph: [
      source('src', { p: 2, rate: 4000, records: 80_000, keys: 'zipf:1.5:1000' }),
      agg('agg', 'src:hash', { p: 2, parkUs: 700 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    // The source's tasks are over before those of the aggregation begin.
    neverRuns: true,
    expect: { mustNot: ['skew-hot-key', 'bp-external-wait', 'bp-bottleneck', 'ckpt-none'] },
  },
  {
    id: 'killed-taskmanager',
    title: 'a TaskManager is killed and replaced 45 s later',
    like: 'L44',
    graph: [
      source('src', { p: 2, rate: 165, keys: 'uniform:100000' }),
      agg('agg', 'src:hash', { p: 4, parkUs: 500 }),
      sink('sink', 'agg:forward', { p: 4 }),
    ],
    actions: [
      { atS: 30, do: 'kill-taskmanager', index: 1 },
      { atS: 75, do: 'start-taskmanager' },
    ],
    expect: { rule: 'tm-lost', mustNot: ['restart-loop', 'slots-unavailable'] },
  },
  {
    id: 'failing-sends',
    title: 'three of a hundred sends of the sink fail and are tried again',
    like: 'L69',
    graph: [
      source('src', { p: 2, rate: 250 }),
      sink('sink', 'src:rebalance', { p: 2, parkUs: 200, sendErrorShare: 0.03, chain: 'off' }),
    ],
    expect: { rule: 'sink-errors', operator: 'sink', mustNot: ['restart-loop'] },
  },
  {
    id: 'too-few-buffers',
    title: 'four vertices of parallelism 8, all to all, on 4 MB of network memory',
    like: 'L46',
    cluster: { slotsPerTaskManager: 4 },
    config: { 'taskmanager.memory.network.min': '4m', 'taskmanager.memory.network.max': '4m' },
    graph: [
      source('src', { p: 8, rate: 50 }),
      map('first', 'src:rebalance', { p: 8, chain: 'off' }),
      map('second', 'first:rebalance', { p: 8, chain: 'off' }),
      sink('sink', 'second:rebalance', { p: 8, chain: 'off' }),
    ],
    neverRuns: true,
    expect: { rule: 'net-insufficient-buffers', mustNot: ['slots-unavailable'] },
  },
  {
    id: 'too-few-slots',
    title: 'a job of parallelism 8 on four slots',
    like: 'L45',
    graph: [source('src', { p: 8, rate: 50 }), agg('agg', 'src:hash', { p: 8 }), sink('sink', 'agg:forward', { p: 8 })],
    neverRuns: true,
    expect: { rule: 'slots-unavailable', mustNot: ['restart-loop', 'ckpt-failing'] },
  },
];
