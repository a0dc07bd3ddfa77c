import type { CheckpointSpec, EdgeSpec, JobSpec, TaskManagerSpec, VertexSpec } from '../model/spec.js';

const MIB = 2 ** 20;

/** What is ordinary; each job below says only what is its own. */
function vertex(name: string, parallelism: number, serviceMs: number, own: Partial<VertexSpec> = {}): VertexSpec {
  return {
    name,
    parallelism,
    serviceMs,
    maxParallelism: 128,
    cpuShare: 0.2,
    outPerIn: 1,
    recordBytes: 200,
    garbageBytesPerRecord: 2_000,
    stateBytesPerSubtask: 2 * MIB,
    syncMs: 4,
    ...own,
  };
}

function source(name: string, parallelism: number, recordsPerSecond: number): VertexSpec {
  return vertex(name, parallelism, 0.1, {
    source: { recordsPerSecond, dailySwing: 0.1, backlog: 0 },
    stateBytesPerSubtask: 20_000,
    cpuShare: 1,
  });
}

const CHECKPOINTS: CheckpointSpec = { intervalMs: 30_000, timeoutMs: 600_000, uploadBytesPerSecond: 80 * MIB };

function taskManagers(count: number, slots: number, own: Partial<TaskManagerSpec> = {}): TaskManagerSpec {
  return { count, slots, cpuCores: 4, heapBytes: 768 * MIB, liveBytes: 180 * MIB, managedBytes: 512 * MIB, ...own };
}

const forwardThenHash = (first: string, second: string, third: string): readonly EdgeSpec[] => [
  { from: first, to: second, ship: 'REBALANCE' },
  { from: second, to: third, ship: 'HASH' },
];

const UNIFORM = { kind: 'uniform', count: 20_000 } as const;

/** Six jobs: one well, five each with one fault in its rates, service times, keys, memory or storage. */
export const DEMO_JOBS: readonly JobSpec[] = [
  {
    name: 'payments-ledger',
    vertices: [
      source('Source: payments', 4, 900),
      vertex('validate', 4, 1.6),
      vertex('ledger -> Sink: ledger-db', 4, 2.3, { keys: UNIFORM, stateBytesPerSubtask: 40 * MIB }),
    ],
    edges: forwardThenHash('Source: payments', 'validate', 'ledger -> Sink: ledger-db'),
    checkpoints: CHECKPOINTS,
    taskManagers: taskManagers(2, 2),
  },
  {
    name: 'orders-enrich',
    vertices: [
      source('Source: orders', 4, 1700),
      vertex('parse', 4, 0.5),
      vertex('enrich', 4, 1.2, { keys: { kind: 'hot', count: 20_000, share: 0.45 }, stateBytesPerSubtask: 30 * MIB }),
      vertex('Sink: enriched-orders', 4, 0.4),
    ],
    edges: [
      ...forwardThenHash('Source: orders', 'parse', 'enrich'),
      { from: 'enrich', to: 'Sink: enriched-orders', ship: 'REBALANCE' },
    ],
    checkpoints: CHECKPOINTS,
    taskManagers: taskManagers(2, 2),
  },
  {
    name: 'billing-sink',
    vertices: [
      source('Source: invoices', 2, 420),
      vertex('format', 2, 0.6),
      vertex('price -> Sink: billing-db', 2, 6, { cpuShare: 0.03, stateBytesPerSubtask: 100_000 }),
    ],
    edges: [
      { from: 'Source: invoices', to: 'format', ship: 'REBALANCE' },
      { from: 'format', to: 'price -> Sink: billing-db', ship: 'REBALANCE' },
    ],
    checkpoints: CHECKPOINTS,
    taskManagers: taskManagers(1, 2),
  },
  {
    name: 'clickstream-sessions',
    vertices: [
      source('Source: clicks', 2, 1100),
      vertex('sessionize -> Sink: sessions', 2, 1.1, {
        keys: UNIFORM,
        cpuShare: 0.5,
        garbageBytesPerRecord: 220_000,
        stateBytesPerSubtask: 10 * MIB,
      }),
    ],
    edges: [{ from: 'Source: clicks', to: 'sessionize -> Sink: sessions', ship: 'HASH' }],
    checkpoints: CHECKPOINTS,
    taskManagers: taskManagers(1, 2, { heapBytes: 320 * MIB, liveBytes: 170 * MIB }),
  },
  {
    name: 'inventory-state',
    vertices: [
      source('Source: stock-changes', 2, 500),
      vertex('stock-levels -> Sink: stock', 2, 2, { keys: UNIFORM, stateBytesPerSubtask: 260 * MIB }),
    ],
    edges: [{ from: 'Source: stock-changes', to: 'stock-levels -> Sink: stock', ship: 'HASH' }],
    checkpoints: { intervalMs: 60_000, timeoutMs: 600_000, uploadBytesPerSecond: 9 * MIB },
    taskManagers: taskManagers(1, 2),
  },
  {
    name: 'audit-log-archive',
    vertices: [source('Source: audit', 8, 160), vertex('archive -> Sink: cold-storage', 8, 0.9, { keys: UNIFORM })],
    edges: [{ from: 'Source: audit', to: 'archive -> Sink: cold-storage', ship: 'HASH' }],
    checkpoints: CHECKPOINTS,
    taskManagers: taskManagers(2, 4),
  },
];
