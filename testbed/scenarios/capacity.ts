import { agg, map, sink, source } from '../graph.js';
import type { Scenario } from '../scenario.js';

/** Nothing is broken; too much or too little is there, or a stop is being made up for. */
export const capacityScenarios: readonly Scenario[] = [
  {
    id: 'catch-up',
    title: 'works off a backlog of 120 000 records; at 400/s that takes 300 s',
    like: 'L55',
    graph: [
      source('src', { p: 2, rate: 100, backlog: 60_000, payload: 100 }),
      agg('agg', 'src:hash', { p: 2, parkUs: 3333 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    expect: { rule: 'src-catchup', parallelismHelps: false },
  },
  {
    id: 'over-provisioned',
    title: '100 records/s on parallelism 8',
    like: 'L59',
    cluster: { slotsPerTaskManager: 4 },
    graph: [
      source('src', { p: 8, rate: 12.5, keys: 'uniform:100000' }),
      agg('agg', 'src:hash', { p: 8, parkUs: 500 }),
      sink('sink', 'agg:forward', { p: 8 }),
    ],
    // The busiest of three minutes.
    lookSeconds: 240,
    expect: { rule: 'par-over', operator: 'agg', parallelismHelps: false },
  },
  {
    id: 'over-keyed',
    title: '200 records/s of 2 ms each on parallelism 4: two fifths of one subtask',
    like: 'Z01',
    graph: [
      source('src', { p: 4, rate: 50, keys: 'uniform:100000' }),
      agg('agg', 'src:hash', { p: 4, parkUs: 2000 }),
      sink('sink', 'agg:forward', { p: 4 }),
    ],
    lookSeconds: 240,
    expect: { rule: 'par-over', operator: 'agg', parallelismHelps: false },
  },
  {
    id: 'idle-slots',
    title: 'a well loaded job of parallelism 2 in a cluster of eight slots',
    cluster: { slotsPerTaskManager: 4 },
    graph: [
      source('src', { p: 2, rate: 150 }),
      agg('agg', 'src:hash', { p: 2, parkUs: 4000 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    expect: { rule: 'slots-idle', parallelismHelps: false },
  },
  {
    id: 'fetch-bound',
    title: 'the broker hands out 300/s per partition while 500/s are produced',
    like: 'L56',
    graph: [
      source('src', { p: 2, rate: 500, fetch: 300 }),
      map('work', 'src:rebalance', { p: 2, parkUs: 200 }),
      sink('sink', 'work:forward', { p: 2 }),
    ],
    planned: true,
    expect: { rule: 'src-fetch-bound', operator: 'src' },
  },
  {
    id: 'producer-faster',
    title: '600/s come in, 400/s can be done; there are partitions for twice the subtasks',
    like: 'L54',
    graph: [source('src', { p: 2, splits: 4, rate: 150 }), agg('agg', 'src:hash', { p: 2, parkUs: 5000 })],
    expect: { rule: 'bp-external-wait', operator: 'agg', parallelismHelps: true },
  },
  {
    id: 'chaining-off',
    title: 'eight light operators that hand 10 000/s over in serialized form',
    like: 'L60',
    config: { 'pipeline.operator-chaining.enabled': 'false', 'pipeline.operator-chaining': 'false' },
    graph: [
      source('src', { p: 2, rate: 5000 }),
      ...Array.from({ length: 8 }, (_, i) =>
        map(`map${'abcdefgh'[i] ?? ''}`, `${i === 0 ? 'src' : `map${'abcdefgh'[i - 1] ?? ''}`}:forward`, { p: 2 }),
      ),
      sink('sink', 'maph:forward', { p: 2 }),
    ],
    expect: { rule: 'chaining-disabled' },
  },
  {
    id: 'buffer-timeout-zero',
    title: 'each of 3000 small records a second is sent in a buffer of its own',
    like: 'L49',
    config: { 'execution.buffer-timeout.interval': '0 ms' },
    graph: [source('src', { p: 2, rate: 1500, payload: 10 }), map('work', 'src:rebalance', { p: 2 })],
    expect: { rule: 'net-buffer-timeout-zero' },
  },
];
