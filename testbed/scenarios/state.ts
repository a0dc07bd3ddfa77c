import { agg, sink, source } from '../graph.js';
import type { Scenario } from '../scenario.js';

const ROCKSDB = { 'state.backend.type': 'rocksdb', 'execution.checkpointing.incremental': 'true' } as const;

/** What operators keep. */
export const stateScenarios: readonly Scenario[] = [
  {
    id: 'growing-state',
    title: 'a new entry of 500 bytes per record that nobody removes, in RocksDB',
    like: 'L40',
    config: ROCKSDB,
    graph: [
      source('src', { p: 2, rate: 250 }),
      agg('agg', 'src:hash', { p: 2, growBytes: 500 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    lookSeconds: 300,
    expect: { rule: 'state-growth', mustNot: ['gc-leak'] },
  },
  {
    id: 'state-with-ttl',
    title: 'a new entry of 500 bytes per record that lives for a minute, in RocksDB',
    like: 'L41',
    config: ROCKSDB,
    graph: [
      source('src', { p: 2, rate: 250 }),
      agg('agg', 'src:hash', { p: 2, growBytes: 500, ttlS: 60 }),
      sink('sink', 'agg:forward', { p: 2 }),
    ],
    expect: { mustNot: ['state-growth', 'gc-leak'] },
  },
];
