import {
  createClusterCollector,
  createFlinkClientOver,
  type ClusterCollector,
  type Clock,
} from '../collector/index.js';
import type { JobHistory } from '../collector/model/index.js';
import { simTransport } from '../cli/sim-transport.js';
import { ClusterSim } from '../sim/model/cluster-sim.js';
import type { JobSpec, VertexSpec } from '../sim/model/spec.js';
import { createRouter, type SimAnswer } from '../sim/rest/router.js';

const MIB = 2 ** 20;
const BEAT_MS = 10_000;
const BEGIN_MS = Date.UTC(2026, 0, 5);
/** The job has run this long before it is watched. */
const HEAD_START_MS = 600_000;

/** Six vertices in a row, the fourth with a hot key: every part of the analysis has something to do. */
export function bigJob(parallelism: number): JobSpec {
  const names = ['Source: events', 'parse', 'enrich', 'aggregate', 'format', 'Sink: warehouse'];
  const vertex = (name: string, i: number): VertexSpec => ({
    name,
    parallelism,
    maxParallelism: 4 * parallelism,
    serviceMs: i === 0 ? 0.05 : 1,
    cpuShare: 0.5,
    outPerIn: 1,
    recordBytes: 200,
    garbageBytesPerRecord: 4000,
    stateBytesPerSubtask: 8 * MIB,
    syncMs: 5,
    ...(i === 0 ? { source: { recordsPerSecond: 180 * parallelism, dailySwing: 0.1, backlog: 0 } } : {}),
    ...(name === 'aggregate' ? { keys: { kind: 'hot', count: 20_000, share: 0.25 } } : {}),
  });
  return {
    name: 'big',
    vertices: names.map(vertex),
    edges: names
      .slice(1)
      .map((to, i) => ({ from: names[i] ?? '', to, ship: to === 'aggregate' ? 'HASH' : 'REBALANCE' })),
    checkpoints: { intervalMs: 30_000, timeoutMs: 600_000, uploadBytesPerSecond: 80 * MIB },
    taskManagers: {
      count: Math.ceil(parallelism / 4),
      slots: 4,
      cpuCores: 4,
      heapBytes: 1024 * MIB,
      liveBytes: 256 * MIB,
      managedBytes: 512 * MIB,
    },
  };
}

/** Five vertices in a row that keep up with ease. */
export function smallJob(name: string): JobSpec {
  const big = bigJob(4);
  const vertices = big.vertices
    .filter((vertex) => vertex.keys === undefined)
    .map((vertex) => ({
      ...vertex,
      ...(vertex.source === undefined ? {} : { source: { ...vertex.source, recordsPerSecond: 200 } }),
    }));
  const names = vertices.map((vertex) => vertex.name);
  return {
    ...big,
    name,
    vertices,
    edges: names.slice(1).map((to, i) => ({ from: names[i] ?? '', to, ship: 'REBALANCE' })),
  };
}

/** A simulated cluster read in this process, on a clock that moves when told. */
export interface Bench {
  readonly collector: ClusterCollector;
  readonly route: (path: string) => SimAnswer;
  readonly sim: ClusterSim;
  nowMs(): number;
  /** Moves on by one beat; what the cluster did meanwhile is computed here, not in the reading. */
  beat(): void;
}

export function createBench(specs: readonly JobSpec[]): Bench {
  let nowMs = BEGIN_MS + HEAD_START_MS;
  const sim = new ClusterSim(specs, BEGIN_MS);
  sim.advanceTo(nowMs);
  const route = createRouter(sim);
  const clock: Clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() };
  const client = createFlinkClientOver(simTransport(route, () => nowMs));
  return {
    collector: createClusterCollector({ name: 'bench', client, clock, simulated: true }),
    route,
    sim,
    nowMs: () => nowMs,
    beat() {
      nowMs += BEAT_MS;
      sim.advanceTo(nowMs);
    },
  };
}

/** The job as the analyzer sees it after that many readings. */
export async function bigHistory(
  parallelism: number,
  samples: number,
): Promise<{ history: JobHistory; nowMs: number }> {
  const bench = createBench([bigJob(parallelism)]);
  for (let i = 0; i < samples; i += 1) {
    bench.beat();
    await bench.collector.readOnce();
  }
  const [history] = bench.collector.histories(bench.nowMs());
  if (history === undefined) throw new Error('the simulated job was not read');
  return { history, nowMs: bench.nowMs() };
}
