import {
  createClusterCollector,
  createFlinkClientOver,
  type Clock,
  type ClusterCollector,
} from '../collector/index.js';
import { simTransport } from '../cli/sim-transport.js';
import { ClusterSim } from '../sim/model/cluster-sim.js';
import type { JobSpec, VertexSpec } from '../sim/model/spec.js';
import { createRouter } from '../sim/rest/router.js';

const MIB = 2 ** 20;
const BEGIN_MS = Date.UTC(2026, 0, 5, 9);
const BEAT_MS = 10_000;

/** A pipeline of equal vertices: as wide and as long as the benchmark wants it. */
export function wideJob(vertices: number, parallelism: number): JobSpec {
  const specs = Array.from({ length: vertices }, (_, i): VertexSpec => ({
    name: i === 0 ? 'Source: events' : `stage-${i}`,
    parallelism,
    maxParallelism: 256,
    serviceMs: i === 0 ? 0.1 : 0.5,
    cpuShare: 0.2,
    outPerIn: 1,
    recordBytes: 200,
    garbageBytesPerRecord: 2000,
    stateBytesPerSubtask: MIB,
    syncMs: 3,
    ...(i === 0 ? { source: { recordsPerSecond: 800 * parallelism, dailySwing: 0, backlog: 0 } } : {}),
    ...(i > 0 ? { keys: { kind: 'uniform' as const, count: 5000 } } : {}),
  }));
  return {
    name: 'wide',
    vertices: specs,
    edges: specs.slice(1).map(({ name }, i) => ({ from: specs[i]?.name ?? '', to: name, ship: 'HASH' as const })),
    checkpoints: { intervalMs: 30_000, timeoutMs: 600_000, uploadBytesPerSecond: 80 * MIB },
    taskManagers: {
      count: Math.ceil(parallelism / 8),
      slots: 8,
      cpuCores: 8,
      heapBytes: 1024 * MIB,
      liveBytes: 200 * MIB,
      managedBytes: 512 * MIB,
    },
  };
}

/** A collector over a simulated cluster whose clock moves one beat a round. */
export function simulatedCollector(specs: readonly JobSpec[]): {
  readonly collector: ClusterCollector;
  beat(): Promise<void>;
  nowMs(): number;
} {
  let now = BEGIN_MS + 600_000;
  const sim = new ClusterSim(specs, BEGIN_MS);
  const route = createRouter(sim);
  const clock: Clock = { nowMs: () => now, sleep: () => Promise.resolve() };
  const transport = simTransport(
    (path) => {
      sim.advanceTo(now);
      return route(path);
    },
    () => now,
  );
  const collector = createClusterCollector({ name: 'bench', client: createFlinkClientOver(transport), clock });
  return {
    collector,
    nowMs: () => now,
    async beat() {
      now += BEAT_MS;
      await collector.readOnce();
    },
  };
}
