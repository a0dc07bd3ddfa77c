import type { FlinkConfig } from '../flink/config.js';
import { agg, map, sink, source, type GraphNode } from '../graph.js';

/** What is right for a job whose size is known by construction. */
export type SizeTruth =
  /** The smallest parallelism of the operator at which its busiest subtask is busy for 0.7 of its time at most. */
  | { readonly operator: string; readonly parallelism: number }
  /** No number of subtasks helps; one of these kinds of advice does. */
  | { readonly helps: readonly string[] }
  /** It is as it should be: nothing is to be advised on parallelism, slots or TaskManagers. */
  | 'healthy';

export interface SizedCase {
  readonly id: string;
  readonly title: string;
  readonly slots: number;
  readonly graph: readonly GraphNode[];
  readonly truth: SizeTruth;
  readonly config?: FlinkConfig;
  /** It computes: nothing else may run beside it. */
  readonly alone?: true;
}

const WORK_US = 40_000;
/** The utilisation aimed at. */
const TARGET_RATIO = 0.7;

/** source → worker → sink, all of one parallelism, the worker parked 40 ms a record: 25 records/s for each of its subtasks. */
const chain = (p: number, perSecond: number, slow: Partial<Record<'work' | 'sink', object>> = {}): GraphNode[] => [
  source('src', { p, splits: p, rate: perSecond / p, keys: 'uniform:100000' }),
  map('work', 'src:rebalance', { p, parkUs: WORK_US, ...slow.work }),
  sink('sink', 'work:rebalance', { p, chain: 'off', ...slow.sink }),
];

/** The jobs that the operator's autoscaler was measured on, and two more that no size cures. */
export const sizedCases: readonly SizedCase[] = [
  {
    id: 'under',
    title: '100/s at parallelism 2',
    slots: 8,
    graph: chain(2, 100),
    truth: { operator: 'work', parallelism: 6 },
  },
  {
    id: 'over',
    title: '12.5/s at parallelism 6',
    slots: 6,
    graph: chain(6, 12.5),
    truth: { operator: 'work', parallelism: 1 },
  },
  {
    id: 'hot-key',
    title: '100/s at parallelism 6, 40 % of them of one key',
    slots: 8,
    graph: [
      source('src', { p: 6, splits: 6, rate: 100 / 6, keys: 'hot:0.4:100000' }),
      agg('work', 'src:hash', { p: 6, parkUs: WORK_US }),
      sink('sink', 'work:rebalance', { p: 6, chain: 'off' }),
    ],
    truth: { helps: ['code'] },
  },
  {
    id: 'capped-sink',
    title: '75/s at parallelism 4 into a sink that takes 50/s in all',
    slots: 8,
    graph: chain(4, 75, { sink: { turnUs: 20_000 } }),
    truth: { helps: ['sink', 'code'] },
  },
  { id: 'healthy', title: '100/s at parallelism 6', slots: 6, graph: chain(6, 100), truth: 'healthy' },
  {
    id: 'partitions',
    title: '200/s from two partitions, worked on where they are read',
    slots: 8,
    graph: [
      source('src', { p: 2, splits: 2, rate: 100 }),
      map('work', 'src:forward', { p: 2, parkUs: 16_000 }),
      sink('sink', 'work:rebalance', { p: 2, chain: 'off' }),
    ],
    truth: { helps: ['source', 'code'] },
  },
  {
    id: 'cores',
    title: 'three cores of work on two',
    slots: 8,
    graph: [
      source('src', { p: 4, splits: 4, rate: 750 }),
      map('work', 'src:rebalance', { p: 4, burnUs: 1000 }),
      sink('sink', 'work:rebalance', { p: 4, chain: 'off' }),
    ],
    truth: { helps: ['slots', 'memory', 'config', 'code'] },
    alone: true,
  },
];

/** Twenty jobs whose size is wrong by more or less, up and down: what each change was said to bring, and what it brought. */
export const changedCases: readonly SizedCase[] = [
  ...(
    [
      [1, 60],
      [1, 40],
      [2, 75],
      [2, 90],
      [2, 120],
      [3, 100],
      [3, 120],
      [3, 140],
      [4, 125],
      [4, 150],
    ] as const
  ).map(([p, perSecond]) => changed('up', p, perSecond)),
  ...(
    [
      [4, 10],
      [4, 16],
      [6, 20],
      [6, 30],
      [6, 40],
      [8, 15],
      [8, 25],
      [8, 35],
      [8, 45],
      [8, 55],
    ] as const
  ).map(([p, perSecond]) => changed('down', p, perSecond)),
];

function changed(direction: 'up' | 'down', p: number, perSecond: number): SizedCase {
  const load = (perSecond * WORK_US) / 1e6;
  return {
    id: `${direction}-${p}-${perSecond}`,
    title: `${perSecond}/s at parallelism ${p}`,
    slots: direction === 'up' ? 12 : p,
    graph: chain(p, perSecond),
    truth: { operator: 'work', parallelism: Math.ceil(load / TARGET_RATIO - 1e-9) },
  };
}
