import { agg, async, join, legacy, map, sink, source, wall } from '../graph.js';
import type { Scenario } from '../scenario.js';

/** Takes another parallelism in place. */
const ADAPTIVE = {
  'jobmanager.scheduler': 'adaptive',
  'jobmanager.adaptive-scheduler.resource-stabilization-timeout': '1 s',
} as const;

/** One vertex is too slow, and its predecessors show it. */
export const backpressureScenarios: readonly Scenario[] = [
  {
    id: 'slow-sink',
    title: 'a sink waits 2 ms per record behind an endless source',
    like: 'L02',
    graph: [source('src', { p: 2, rate: -1, payload: 100 }), sink('sink', 'src:rebalance', { p: 2, parkUs: 2000 })],
    // It would, as nothing is behind the wait; but what a sink waits for is shared as a rule, and its size the second choice.
    expect: { rule: 'bp-external-wait', operator: 'sink', parallelismHelps: false },
  },
  {
    id: 'slow-lookup',
    title: 'a lookup in the middle waits 5 ms per record; 600/s offered, 400/s possible',
    like: 'L03',
    graph: [
      source('src', { p: 2, rate: 300, payload: 100 }),
      map('lookup', 'src:rebalance', { p: 2, parkUs: 5000 }),
      agg('agg', 'lookup:hash', { p: 2 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    expect: { rule: 'bp-external-wait', operator: 'lookup', parallelismHelps: true },
  },
  {
    id: 'lookup-few-groups',
    title: 'a keyed lookup waits 2.5 ms per record; eight key groups fall on three subtasks as 3, 3 and 2',
    like: 'L03',
    maxParallelism: 8,
    graph: [
      source('src', { p: 2, rate: 1000, payload: 100 }),
      agg('lookup', 'src:hash', { p: 3, parkUs: 2500 }),
      sink('sink', 'lookup:rebalance', { p: 2 }),
    ],
    expect: { rule: 'bp-external-wait', operator: 'lookup', mustNot: ['skew-keygroup', 'skew-data-hash'] },
  },
  {
    id: 'long-pipeline',
    title: 'a lookup waits 5 ms per record behind eight operators that each compute and wait a little, on two cores',
    like: 'L03',
    alone: true,
    graph: [
      source('src', { p: 2, rate: 300, payload: 100 }),
      ...Array.from({ length: 8 }, (_, i) =>
        map(`step${'abcdefgh'.charAt(i)}`, i === 0 ? 'src:rebalance' : `step${'abcdefgh'.charAt(i - 1)}:rebalance`, {
          p: 2,
          burnUs: 200,
          parkUs: 1000,
        }),
      ),
      map('lookup', 'steph:rebalance', { p: 2, parkUs: 5000 }),
      sink('sink', 'lookup:rebalance', { p: 2 }),
    ],
    expect: { rule: 'bp-external-wait', operator: 'lookup', mustNot: ['bp-cpu-saturated-tm'] },
  },
  {
    id: 'backend-takes-turns',
    title: 'the backend of a sink serves one request at a time, 400/s of 600/s; more subtasks do not help',
    like: 'Z05',
    cluster: { taskManagers: 1, slotsPerTaskManager: 4 },
    config: ADAPTIVE,
    graph: [source('src', { p: 2, rate: 300, payload: 100 }), sink('sink', 'src:rebalance', { p: 2, turnUs: 2500 })],
    actions: [{ atS: 200, do: 'rescale', operator: 'sink', to: 4 }],
    lookSeconds: 320,
    expect: { rule: 'bp-external-wait', operator: 'sink', mustNot: ['bp-cpu-saturated-tm'] },
  },
  {
    id: 'rescaled-in-place',
    title: 'a keyed lookup of 5 ms on two subtasks serves 400/s of 600/s; on four it works the backlog off',
    like: 'Z07',
    cluster: { taskManagers: 1, slotsPerTaskManager: 4 },
    config: ADAPTIVE,
    graph: [
      source('src', { p: 2, splits: 4, rate: 150 }),
      agg('agg', 'src:hash', { p: 2, parkUs: 5000 }),
      sink('sink', 'agg:rebalance', { p: 2 }),
    ],
    actions: [{ atS: 200, do: 'rescale', operator: 'agg', to: 4 }],
    lookSeconds: 320,
    expect: { rule: 'bp-external-wait', operator: 'agg', cured: true, mustNot: ['restart-loop'] },
  },
  {
    id: 'diamond',
    title: 'two branches, one of them slow',
    like: 'L15',
    graph: [
      source('src', { p: 2, rate: -1, payload: 100 }),
      map('split', 'src:rebalance', { p: 2 }),
      map('slow', 'split:rebalance', { p: 2, parkUs: 3000 }),
      map('fast', 'split:rebalance', { p: 2 }),
      map('merge', ['slow:rebalance', 'fast:rebalance'], { p: 2 }),
      sink('sink', 'merge:forward', { p: 2 }),
    ],
    expect: { rule: 'bp-external-wait', operator: 'slow', parallelismHelps: true },
  },
  {
    id: 'join-slow-path',
    title: 'a join of a fast source and a slow path: barriers of the fast one wait at the join',
    like: 'L32',
    graph: [
      source('fast', { p: 1, rate: 200, payload: 100 }),
      source('other', { p: 1, rate: -1, payload: 100 }),
      map('slow', 'other:rebalance', { p: 1, parkUs: 5000, chain: 'off' }),
      join('join', ['fast:hash', 'slow:hash'], { p: 1 }),
      sink('sink', 'join:forward', { p: 1, chain: 'off' }),
    ],
    expect: { rule: 'bp-external-wait', operator: 'slow', symptoms: ['ckpt-alignment'] },
  },
  {
    id: 'async-capacity',
    title: 'an asynchronous lookup with room for 10 calls of 100 ms; 200/s offered per subtask, 100/s possible',
    like: 'L20',
    graph: [
      source('src', { p: 2, rate: 200, payload: 100 }),
      async('asyncLookup', 'src:rebalance', { p: 2, latencyMs: 100, capacity: 10 }),
      sink('sink', 'asyncLookup:forward', { p: 2 }),
    ],
    expect: { rule: 'async-capacity', operator: 'asyncLookup' },
  },
  {
    id: 'non-parallel',
    title: 'a window over the whole stream behind four source subtasks; 3200/s offered, 2000/s possible',
    like: 'L13',
    graph: [
      source('src', { p: 4, rate: 800 }),
      wall('wall', 'src:rebalance', { p: 1, parkUs: 500 }),
      sink('sink', 'wall:forward', { p: 1 }),
    ],
    expect: { rule: 'bp-nonparallel-operator', operator: 'wall', parallelismHelps: false },
  },
  {
    id: 'non-parallel-few-partitions',
    title: 'the same behind twelve readers of which six have a partition',
    like: 'L70',
    cluster: { slotsPerTaskManager: 6 },
    graph: [
      source('src', { p: 12, splits: 6, rate: 600 }),
      wall('wall', 'src:rebalance', { p: 1, parkUs: 500 }),
      sink('sink', 'wall:forward', { p: 1 }),
    ],
    expect: {
      rule: 'bp-nonparallel-operator',
      operator: 'wall',
      alsoTrue: ['src-partitions-lt-parallelism'],
      mustNot: ['skew-hot-key', 'skew-data-hash', 'skew-source-content'],
    },
  },
  {
    id: 'legacy-source',
    title: 'a source of the old kind in front of a map that waits 3 ms',
    like: 'L19',
    untilLine: '1.20',
    graph: [
      legacy('src', { p: 2, payload: 100 }),
      map('work', 'src:rebalance', { p: 2, parkUs: 3000 }),
      sink('sink', 'work:forward', { p: 2 }),
    ],
    expect: { rule: 'bp-external-wait', operator: 'work', symptoms: ['src-legacy'], mustNot: ['par-over', 'src-idle'] },
  },
  {
    id: 'chained-source',
    title: 'everything chained into one vertex; 400/s offered per subtask, 250/s possible',
    like: 'L18',
    graph: [
      source('src', { p: 2, rate: 400 }),
      map('work', 'src:forward', { p: 2, parkUs: 4000 }),
      sink('sink', 'work:forward', { p: 2 }),
    ],
    expect: { rule: 'bp-source-chained', operator: 'src' },
  },
  {
    id: 'cpu-bound',
    title: 'an aggregation computes 1 ms per record on one TaskManager',
    like: 'L04',
    cluster: { taskManagers: 1 },
    graph: [
      source('src', { p: 2, rate: -1 }),
      agg('agg', 'src:hash', { p: 2, burnUs: 1000 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    alone: true,
    // On a host that others keep busy, the bottleneck without a certain cause is the honest answer until the cores are free.
    expect: { rule: 'bp-cpu-saturated-tm', alsoTrue: ['bp-bottleneck'], mustNot: ['bp-external-wait'] },
  },
  {
    id: 'two-pipelines',
    title: 'two pipelines that share nothing, each with a slow end',
    like: 'L16',
    graph: [
      source('one', { p: 2, rate: 800 }),
      source('two', { p: 2, rate: 400 }),
      sink('quick', 'one:rebalance', { p: 2, parkUs: 2000 }),
      sink('slow', 'two:rebalance', { p: 2, parkUs: 4000 }),
    ],
    expect: { rule: 'bp-external-wait', operator: 'slow', alsoTrue: ['bp-external-wait'] },
  },
  {
    id: 'join-both',
    title: 'a join that waits for each record of either input',
    like: 'L17',
    graph: [
      source('one', { p: 2, rate: 600 }),
      source('two', { p: 2, rate: 600 }),
      join('join', ['one:hash', 'two:hash'], { p: 2, parkUs: 1000 }),
      sink('sink', 'join:forward', { p: 2 }),
    ],
    expect: { rule: 'bp-external-wait', operator: 'join' },
  },
  {
    id: 'fan-out',
    title: 'three records out of one, and too few subtasks behind',
    like: 'Z02',
    graph: [
      source('src', { p: 2, rate: 200 }),
      map('split', 'src:rebalance', { p: 2, fanout: 3 }),
      agg('agg', 'split:hash', { p: 2, parkUs: 4000 }),
    ],
    expect: { rule: 'bp-external-wait', operator: 'agg', parallelismHelps: true },
  },
  {
    id: 'hidden-bottleneck',
    title: 'the first of two slow operators hides the second',
    like: 'Z03',
    graph: [
      source('src', { p: 2, rate: 1000 }),
      map('parse', 'src:rebalance', { p: 2, parkUs: 1500, fanout: 0.25 }),
      agg('agg', 'parse:hash', { p: 2, parkUs: 3000 }),
    ],
    expect: { rule: 'bp-external-wait', operator: 'parse', parallelismHelps: true },
  },
  {
    id: 'barriers-queue',
    title: 'small records fill the buffers before a slow sink, and barriers wait with them',
    like: 'L30',
    config: { 'execution.checkpointing.interval': '5 s' },
    graph: [source('src', { p: 2, rate: -1, payload: 10 }), sink('sink', 'src:rebalance', { p: 2, parkUs: 2000 })],
    expect: { rule: 'bp-external-wait', operator: 'sink', symptoms: ['ckpt-start-delay'] },
  },
  {
    id: 'unaligned-barriers',
    title: 'the same with unaligned checkpoints: barriers overtake',
    like: 'L31',
    config: { 'execution.checkpointing.interval': '5 s', 'execution.checkpointing.unaligned': 'true' },
    graph: [source('src', { p: 2, rate: -1, payload: 10 }), sink('sink', 'src:rebalance', { p: 2, parkUs: 2000 })],
    expect: { rule: 'bp-external-wait', operator: 'sink', mustNot: ['ckpt-start-delay'] },
  },
];
