import {
  createClusterCollector,
  createFlinkClientOver,
  systemClock,
  type Clock,
  type ClusterCollector,
} from '../collector/index.js';
import { DEMO_JOBS } from '../sim/demo/jobs.js';
import { ClusterSim } from '../sim/model/cluster-sim.js';
import { createRouter } from '../sim/rest/router.js';
import type { CollectorHooks } from './clusters.js';
import type { Config } from './config/schema.js';
import { simTransport } from './sim-transport.js';

/** Where the demo keeps its history: never beside real history. */
export const DEMO_DATA_DIR = './weir-demo-data';
export const DEMO_CLUSTER = 'demo';

/** How far back the demo begins, and how it is read until now: coarse first, then as fine as the hot window needs. */
const HISTORY_MS = 2 * 86_400_000;
const COARSE_STEP_MS = 1_200_000;
const FINE_HISTORY_MS = 2_700_000;
const FINE_STEP_MS = 20_000;
/** Rounds between two turns of the event loop, so that pages are served while the past is made. */
const ROUNDS_PER_TURN = 4;

export interface DemoCluster {
  readonly collector: ClusterCollector;
  /** The time as the demo has it: its past while that is made, then the real one. */
  readonly nowMs: () => number;
  /** Makes the past: every round is read, judged and kept like a live one. */
  backfill(): Promise<void>;
}

export function createDemoCluster(hooks: CollectorHooks, collect: Config['collect']): DemoCluster {
  let virtualMs: number | undefined = Date.now() - HISTORY_MS;
  const nowMs = (): number => virtualMs ?? Date.now();
  const clock: Clock = {
    nowMs,
    sleep: (ms, signal) => (virtualMs === undefined ? systemClock.sleep(ms, signal) : Promise.resolve()),
  };
  const sim = new ClusterSim(DEMO_JOBS, virtualMs);
  const route = createRouter(sim);
  const collector = createClusterCollector({
    name: DEMO_CLUSTER,
    client: createFlinkClientOver(
      simTransport((path) => {
        sim.advanceTo(nowMs());
        return route(path);
      }, nowMs),
    ),
    intervalMs: collect.interval,
    maxRequestsPerSecond: collect.maxRequestsPerSecond,
    simulated: true,
    clock,
    onBug: hooks.onBug,
    ...(hooks.observer === undefined ? {} : { observer: hooks.observer }),
  });
  return {
    collector,
    nowMs,
    async backfill() {
      const endMs = Date.now();
      let rounds = 0;
      while (virtualMs !== undefined && virtualMs < endMs) {
        const step = endMs - virtualMs > FINE_HISTORY_MS ? COARSE_STEP_MS : FINE_STEP_MS;
        virtualMs = Math.min(endMs, virtualMs + step);
        await collector.readOnce();
        rounds += 1;
        if (rounds % ROUNDS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      virtualMs = undefined;
    },
  };
}
