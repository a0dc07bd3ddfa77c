import { agg, map, sink, source } from '../graph.js';
import type { Scenario } from '../scenario.js';

/** 128 MB for the framework and 64 MB for the tasks: a heap of 192 MB. */
const SMALL_HEAP = { 'taskmanager.memory.task.heap.size': '64m', 'taskmanager.memory.managed.size': '64m' };

export const memoryScenarios: readonly Scenario[] = [
  {
    id: 'gc-pressure',
    title: 'every record leaves 400 KB of garbage in a heap of 192 MB',
    like: 'L24',
    cluster: { taskManagers: 1 },
    config: SMALL_HEAP,
    graph: [
      source('src', { p: 2, rate: -1 }),
      map('work', 'src:rebalance', { p: 2, allocKb: 400, ringMb: 20 }),
      sink('sink', 'work:forward', { p: 2 }),
    ],
    alone: true,
    expect: { rule: 'gc-pressure', mustNot: ['bp-external-wait', 'bp-cpu-saturated-tm', 'gc-leak'] },
  },
  {
    id: 'heap-state',
    title: 'state on the heap, beside 40 % of the memory that Flink keeps for RocksDB',
    like: 'L64',
    graph: [
      source('src', { p: 2, rate: 200, keys: 'uniform:10000' }),
      agg('agg', 'src:hash', { p: 2, parkUs: 1000 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    expect: { rule: 'mem-managed-idle', mustNot: ['mem-managed-small', 'bp-bottleneck'] },
  },
  {
    id: 'live-set',
    title: 'what is kept fills the heap of 192 MB almost whole',
    like: 'L24b',
    cluster: { taskManagers: 1 },
    config: SMALL_HEAP,
    graph: [
      source('src', { p: 2, rate: 300 }),
      map('work', 'src:rebalance', { p: 2, allocKb: 100, liveMb: 60 }),
      sink('sink', 'work:forward', { p: 2 }),
    ],
    alone: true,
    expect: { rule: 'gc-live-set-high', alsoTrue: ['gc-pressure', 'gc-full'], mustNot: ['gc-leak'] },
  },
  {
    id: 'leak',
    title: 'user code keeps 600 bytes of each record for ever in a heap of 256 MB',
    like: 'L25',
    cluster: { taskManagers: 1 },
    config: { ...SMALL_HEAP, 'taskmanager.memory.task.heap.size': '128m' },
    graph: [
      source('src', { p: 2, rate: 250 }),
      map('work', 'src:rebalance', { p: 2, leakBytes: 600, allocKb: 20 }),
      sink('sink', 'work:forward', { p: 2 }),
    ],
    // A trend needs five minutes, from two minutes after the start on, with a collection in every half minute; told after 566 s once.
    lookSeconds: 640,
    expect: { rule: 'gc-leak', mustNot: ['restart-loop', 'slots-unavailable'] },
  },
  {
    id: 'direct-memory',
    title: 'user code keeps two direct buffers of 1 MB a second, and nothing is reserved for them',
    like: 'L28',
    cluster: { taskManagers: 1, slotsPerTaskManager: 1 },
    graph: [source('src', { p: 1, rate: 2 }), map('work', 'src:rebalance', { p: 1, directKb: 1024 })],
    expect: { rule: 'mem-direct-oom', mustNot: ['net-insufficient-buffers'] },
  },
  {
    id: 'serial-collector',
    title: 'the serial collector on a machine of several cores',
    like: 'L26',
    cluster: { taskManagers: 1, taskManagerJvmOptions: ['-XX:+UseSerialGC'] },
    graph: [source('src', { p: 2, rate: 200 }), map('work', 'src:rebalance', { p: 2, parkUs: 200, allocKb: 40 })],
    expect: { rule: 'gc-serial' },
  },
];
