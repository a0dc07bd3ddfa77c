import { agg, async, map, sink, source, window } from '../graph.js';
import type { Scenario } from '../scenario.js';

const keyedCount = (p: number): Scenario['graph'] => [
  source('src', { p: 2, rate: 250, keys: 'uniform:1000' }),
  agg('agg', 'src:hash', { p, keyKb: 1 }),
  sink('sink', 'agg:forward', { p }),
];

/** No fault: whatever is reported here as warning or worse is a false alarm. */
export const healthyScenarios: readonly Scenario[] = [
  {
    id: 'healthy-keyed',
    title: 'light load through four operators',
    like: 'L01',
    graph: [
      source('src', { p: 2, rate: 250, keys: 'uniform:1000', payload: 100 }),
      map('map', 'src:rebalance', { p: 2, parkUs: 200 }),
      agg('agg', 'map:hash', { p: 2, parkUs: 200 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    expect: {},
  },
  {
    id: 'healthy-even',
    title: 'uniform keys on four subtasks',
    like: 'L08',
    graph: [
      source('src', { p: 2, rate: 500, keys: 'uniform:100000' }),
      agg('agg', 'src:hash', { p: 4, parkUs: 500 }),
      sink('sink', 'agg:forward', { p: 4 }),
    ],
    expect: { mustNot: ['skew-data-hash', 'skew-keygroup'] },
  },
  {
    id: 'healthy-idle',
    title: 'no record at all, into a window in event time',
    like: 'L57',
    graph: [
      source('src', { p: 2, rate: 0, watermarks: 'on' }),
      window('win', 'src:hash', { p: 2, windowS: 10 }),
      sink('sink', 'win:forward', { p: 2 }),
    ],
    expect: { mustNot: ['wm-stuck', 'wm-never', 'wm-idle-partition'] },
  },
  {
    id: 'planned-redeploy',
    title: 'stopped with a savepoint after ninety seconds, and started again from it with three subtasks for two',
    like: 'L66',
    cluster: { taskManagers: 2, slotsPerTaskManager: 2 },
    graph: keyedCount(2),
    actions: [{ atS: 90, do: 'redeploy', graph: keyedCount(3) }],
    lookSeconds: 270,
    expect: { mustNot: ['restart-loop', 'restarts-elevated', 'ckpt-duration-trend', 'job-not-running'] },
  },
  {
    id: 'healthy-after-failure',
    title: 'fails once, and goes on as if nothing had been',
    like: 'L43',
    graph: [
      source('src', { p: 2, rate: 250, keys: 'uniform:1000' }),
      map('work', 'src:rebalance', { p: 2, parkUs: 200, failEveryS: 60, failOnce: 'on' }),
      agg('agg', 'work:hash', { p: 2, parkUs: 200 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    expect: { mustNot: ['restart-loop', 'par-under'] },
  },
  {
    id: 'healthy-busy',
    title: '60 % busy, the size it should be',
    like: 'Z06',
    graph: [
      source('src', { p: 2, rate: 300 }),
      agg('agg', 'src:hash', { p: 3, parkUs: 3000 }),
      sink('sink', 'agg:forward', { p: 3 }),
    ],
    expect: { parallelismHelps: false },
  },
  {
    id: 'healthy-async',
    title: 'an asynchronous lookup with enough room: the look-alike of async-capacity',
    like: 'L21',
    graph: [
      source('src', { p: 2, rate: 200 }),
      async('asyncLookup', 'src:rebalance', { p: 2, latencyMs: 100, capacity: 200 }),
      sink('sink', 'asyncLookup:forward', { p: 2 }),
    ],
    expect: { mustNot: ['async-capacity', 'bp-external-wait'] },
  },
  {
    id: 'healthy-skew',
    title: 'very uneven keys, twenty records a second: nobody is kept waiting',
    like: 'L09',
    graph: [
      source('src', { p: 2, rate: 10, keys: 'zipf:1.5:1000' }),
      agg('agg', 'src:hash', { p: 4, parkUs: 500 }),
      sink('sink', 'agg:forward', { p: 4 }),
    ],
    expect: { mustNot: ['skew-hot-key', 'skew-data-hash'] },
  },
];
