import { agg, map, sink, source } from '../graph.js';
import { defaultMaxParallelism, groupsPerSubtask, subtaskOfHash } from '../key-groups.js';
import type { Scenario } from '../scenario.js';

const HOT_KEY = 0;
/** Eight key groups over six subtasks: two of them own two. */
const FEW_GROUPS = { maxParallelism: 8, parallelism: 6 };

/** Records, or their price, are spread unevenly over the subtasks. */
export const skewScenarios: readonly Scenario[] = [
  {
    id: 'hot-key',
    title: 'one key has 39 % of 4000/s',
    like: 'L05',
    graph: [
      source('src', { p: 2, rate: 2000, keys: 'zipf:1.5:1000' }),
      agg('agg', 'src:hash', { p: 4, parkUs: 500 }),
      sink('sink', 'agg:forward', { p: 4 }),
    ],
    expect: {
      rule: 'skew-hot-key',
      operator: 'agg',
      subtasks: [subtaskOfHash(HOT_KEY, defaultMaxParallelism(4), 4)],
      mustNot: ['skew-keygroup', 'noisy-tm'],
      parallelismHelps: false,
    },
  },
  {
    id: 'key-groups',
    title: 'eight key groups over six subtasks; the two with two groups cannot keep up',
    like: 'L06',
    cluster: { taskManagers: 3 },
    maxParallelism: FEW_GROUPS.maxParallelism,
    graph: [
      source('src', { p: 2, rate: 1900 }),
      agg('agg', 'src:hash', { p: FEW_GROUPS.parallelism, parkUs: 1250 }),
      sink('sink', 'agg:forward', { p: FEW_GROUPS.parallelism }),
    ],
    expect: {
      rule: 'skew-keygroup',
      operator: 'agg',
      subtasks: groupsPerSubtask(FEW_GROUPS.maxParallelism, FEW_GROUPS.parallelism).flatMap((groups, subtask) =>
        groups > 1 ? [subtask] : [],
      ),
      mustNot: ['skew-hot-key', 'skew-data-hash'],
    },
  },
  {
    id: 'few-keys',
    title: 'five keys on four subtasks: 1, 0, 2 and 2 of them',
    like: 'L07',
    graph: [
      source('src', { p: 2, rate: 520, keys: 'uniform:5' }),
      agg('agg', 'src:hash', { p: 4, parkUs: 2300 }),
      sink('sink', 'agg:forward', { p: 4 }),
    ],
    expect: { rule: 'skew-low-cardinality', operator: 'agg', subtasks: [2, 3], mustNot: ['skew-hot-key'] },
  },
  {
    id: 'large-key',
    title: 'sixty keys of 200 KB of state, but one of 110 MB; storage takes 10 MB/s per writer',
    like: 'L39',
    config: {
      'state.checkpoints.dir': 'slow://$WORK/checkpoints',
      'slow.bytes-per-second': '10000000',
      'execution.checkpointing.interval': '20 s',
    },
    cluster: { taskManagerMemory: '2000m' },
    graph: [
      source('src', { p: 2, rate: 100, keys: 'uniform:60' }),
      agg('agg', 'src:hash', { p: 4, keyKb: 200, keyZeroMb: 110 }),
      sink('sink', 'agg:forward', { p: 4 }),
    ],
    expect: {
      rule: 'skew-state',
      operator: 'agg',
      subtasks: [subtaskOfHash(HOT_KEY, defaultMaxParallelism(4), 4)],
      alsoTrue: ['ckpt-async'],
      mustNot: ['noisy-tm', 'skew-hot-key'],
    },
  },
  {
    id: 'starved-taskmanager',
    title: 'one of two TaskManagers gets a fifth of its time',
    like: 'L22',
    graph: [
      source('src', { p: 2, rate: 1000 }),
      map('work', 'src:hash', { p: 4, parkUs: 800 }),
      sink('sink', 'work:forward', { p: 4 }),
    ],
    actions: [{ atS: 20, do: 'starve-taskmanager', index: 1, share: 0.2 }],
    expect: { rule: 'noisy-tm', mustNot: ['skew-hot-key', 'skew-data-hash', 'gc-pressure'] },
  },
  {
    id: 'dear-subtask',
    title: 'records are even, but one subtask pays five times the price',
    like: 'L12b',
    graph: [
      source('src', { p: 2, rate: 750, payload: 100 }),
      agg('agg', 'src:hash', { p: 4, parkUs: 700, dearSubtask: 2, dearFactor: 5 }),
      sink('sink', 'agg:forward', { p: 4 }),
    ],
    expect: {
      rule: 'skew-processing-cost',
      operator: 'agg',
      subtasks: [2],
      mustNot: ['skew-hot-key', 'skew-data-hash', 'noisy-tm'],
      parallelismHelps: false,
    },
  },
  {
    id: 'heavy-partition',
    title: 'partition 0 carries eight times the records of the others',
    like: 'L12',
    graph: [
      source('src', { p: 4, rate: '840,105,105,105' }),
      map('work', 'src:forward', { p: 4, parkUs: 1450, chain: 'off' }),
      sink('sink', 'work:forward', { p: 4 }),
    ],
    expect: {
      rule: 'skew-source-content',
      operator: 'src',
      subtasks: [0],
      mustNot: ['skew-source-assignment', 'skew-data-hash', 'par-under'],
      parallelismHelps: false,
    },
  },
  {
    id: 'hot-key-cap',
    title: 'one key has half of the records and needs more than a subtask',
    like: 'Z04',
    graph: [
      source('src', { p: 2, rate: 1000, keys: 'hot:0.5:1000' }),
      agg('agg', 'src:hash', { p: 4, parkUs: 1200 }),
      sink('sink', 'agg:forward', { p: 4 }),
    ],
    expect: { rule: 'skew-hot-key', operator: 'agg', subtasks: [2], parallelismHelps: false },
  },
  {
    id: 'uneven-assignment',
    title: 'five partitions of one rate on four readers',
    like: 'L11',
    graph: [
      source('src', { p: 4, splits: 5, rate: 200 }),
      map('work', 'src:forward', { p: 4, parkUs: 2800, chain: 'off' }),
      sink('sink', 'work:forward', { p: 4 }),
    ],
    expect: { rule: 'skew-source-assignment', operator: 'src', mustNot: ['skew-source-content', 'skew-hot-key'] },
  },
];
