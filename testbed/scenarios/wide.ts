import { agg, map, sink, source } from '../graph.js';
import { defaultMaxParallelism, subtaskOfHash } from '../key-groups.js';
import type { Scenario } from '../scenario.js';

const HOT_KEY = 0;
const WIDE = 272;

/**
 * Jobs of more than 256 subtasks, which Weir reads in another way: in summary, and subtask by subtask only where
 * something happens. The faults are those of the small ones.
 */
export const wideScenarios: readonly Scenario[] = [
  {
    id: 'wide-hot-key',
    title: 'one key has half of 6000/s; 272 subtasks',
    like: 'L05',
    cluster: { taskManagers: 1, slotsPerTaskManager: WIDE, taskManagerMemory: '3g' },
    config: { 'taskmanager.memory.network.min': '256m', 'taskmanager.memory.network.max': '512m' },
    graph: [
      source('src', { p: 2, rate: 3000, keys: 'hot:0.5:100000' }),
      agg('agg', 'src:hash', { p: WIDE, parkUs: 500 }),
      sink('sink', 'agg:forward', { p: WIDE }),
    ],
    alone: true,
    expect: {
      rule: 'skew-hot-key',
      operator: 'agg',
      subtasks: [subtaskOfHash(HOT_KEY, defaultMaxParallelism(WIDE), WIDE)],
      mustNot: ['skew-keygroup', 'bp-external-wait'],
      parallelismHelps: false,
    },
  },
  {
    id: 'wide-slow-lookup',
    title: 'a lookup of 400 ms in 140 subtasks behind 140 readers; 560/s offered, 350/s possible',
    like: 'L03',
    cluster: { taskManagers: 1, slotsPerTaskManager: 140, taskManagerMemory: '3g' },
    config: { 'taskmanager.memory.network.min': '256m', 'taskmanager.memory.network.max': '512m' },
    graph: [
      // Large records, so that the buffers between them are full within seconds.
      source('src', { p: 140, rate: 4, payload: 20_000 }),
      map('lookup', 'src:forward', { p: 140, parkUs: 400_000, chain: 'off' }),
      sink('sink', 'lookup:forward', { p: 140 }),
    ],
    alone: true,
    expect: { rule: 'bp-external-wait', operator: 'lookup', mustNot: ['skew-hot-key'], parallelismHelps: true },
  },
];
