import { map, sink, source } from '../graph.js';
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
    id: 'serial-collector',
    title: 'the serial collector on a machine of several cores',
    like: 'L26',
    cluster: { taskManagers: 1, taskManagerJvmOptions: ['-XX:+UseSerialGC'] },
    graph: [source('src', { p: 2, rate: 200 }), map('work', 'src:rebalance', { p: 2, parkUs: 200, allocKb: 40 })],
    expect: { rule: 'gc-serial' },
  },
];
