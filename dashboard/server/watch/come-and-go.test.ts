import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClustersResponse, FindingsResponse, JobPage, JobsResponse, StatusResponse } from '../../contract.js';
import {
  createClusterCollector,
  createFlinkClientOver,
  type Clock,
  type ClusterCollector,
} from '../../../collector/index.js';
import { simTransport } from '../../../cli/sim-transport.js';
import { DEMO_JOBS } from '../../../sim/demo/jobs.js';
import { ClusterSim } from '../../../sim/model/cluster-sim.js';
import { createRouter } from '../../../sim/rest/router.js';
import { BEAT_MS, serveSimulated, SETTLED_BEATS, type ServedSim } from '../../../test/support/served-sim.js';
import { SHAPES } from '../../../test/support/wire-shapes.js';

const SPECS = DEMO_JOBS.filter(({ name }) => name === 'orders-enrich');
const ORDERS = 'prod/orders';
const READ_MS = Date.UTC(2026, 0, 5);

let served: ServedSim;
let wakes: Set<() => void>;

/** Another cluster on the clock of the served one; every beat is one round of it. */
function cluster(name: string): ClusterCollector {
  const clock: Clock = {
    nowMs: () => served.nowMs(),
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        wakes.add(wake);
        signal?.addEventListener('abort', wake);
      }),
  };
  const sim = new ClusterSim(SPECS, served.nowMs() - BEAT_MS * 100);
  const route = createRouter(sim);
  const transport = simTransport((path) => {
    sim.advanceTo(served.nowMs());
    return route(path);
  }, clock.nowMs);
  return createClusterCollector({ name, client: createFlinkClientOver(transport), clock });
}

/** Beats of every cluster. */
async function beats(count: number): Promise<void> {
  for (let beat = 0; beat < count; beat += 1) {
    await served.beats(1);
    const due = [...wakes];
    wakes.clear();
    const rounds = roundsOf(ORDERS);
    for (const wake of due) wake();
    if (due.length > 0) await rounds;
  }
}

const roundsOf = (name: string): Promise<void> =>
  new Promise((resolve) => {
    const end = served.watch.onChange((change) => {
      if (change.cluster !== name) return;
      end();
      resolve();
    });
  });

async function put(name: string): Promise<ClusterCollector> {
  const collector = cluster(name);
  const first = roundsOf(name);
  served.watch.put({ collector, simulated: false });
  await first;
  return collector;
}

const names = async (): Promise<readonly string[]> =>
  (await served.json<ClustersResponse>('/api/v1/clusters')).clusters.map(({ name }) => name);
const jobsOf = async (name: string) =>
  (await served.json<JobsResponse>(`/api/v1/jobs?cluster=${encodeURIComponent(name)}`)).jobs;

beforeEach(async () => {
  wakes = new Set();
  served = await serveSimulated({
    specs: [],
    discoveries: [
      { source: 'kubernetes', clusters: 1, lastReadMs: READ_MS, failure: { kind: 'unreachable', message: 'refused' } },
      { source: 'file a.yaml', clusters: 0 },
    ],
  });
});
afterEach(async () => {
  expect(served.bugs).toEqual([]);
  await served.close();
});

describe('clusters come and go while the service runs', () => {
  it('one that comes is read at once and does not take back that Weir is ready', async () => {
    expect((await served.get('/readyz')).status).toBe(200);
    const first = roundsOf(ORDERS);
    served.watch.put({ collector: cluster(ORDERS), simulated: false });
    expect((await served.get('/readyz')).status).toBe(200);
    await first;
    expect(await names()).toEqual(['sim', ORDERS]);
    const [job] = await jobsOf(ORDERS);
    expect(job?.name).toBe('orders-enrich');
    const page = await served.json<JobPage>(`/api/v1/jobs/${encodeURIComponent(ORDERS)}/${job?.jobId ?? ''}`);
    expect(page.job.cluster).toBe(ORDERS);
  });

  it('one that goes is gone with its jobs, findings and counters, and a late round brings nothing back', async () => {
    const collector = await put(ORDERS);
    await beats(SETTLED_BEATS);
    const findings = async () => (await served.json<FindingsResponse>(`/api/v1/findings?cluster=${ORDERS}`)).findings;
    expect((await findings()).length).toBeGreaterThan(0);
    const late = collector.readOnce();
    await served.watch.remove(ORDERS);
    await late;
    expect(await names()).toEqual(['sim']);
    expect(await jobsOf(ORDERS)).toEqual([]);
    expect(await findings()).toEqual([]);
    expect(await (await served.get('/metrics')).text()).not.toContain(`cluster="${ORDERS}",job_name`);
    await served.watch.remove(ORDERS);
  });

  it('one that moves to another address goes on with its findings', async () => {
    await put(ORDERS);
    await beats(SETTLED_BEATS);
    const firing = async () =>
      (await served.json<FindingsResponse>(`/api/v1/findings?cluster=${ORDERS}&state=firing`)).findings
        .map(({ id, firstSeenMs }) => `${id} ${firstSeenMs}`)
        .sort();
    const before = await firing();
    expect(before.length).toBeGreaterThan(0);
    await put(ORDERS);
    expect(await names()).toEqual(['sim', ORDERS]);
    expect(await firing()).toEqual(before);
  });

  it('the status tells of the sources', async () => {
    const status = await served.json<StatusResponse>('/api/v1/status');
    expect(SHAPES['StatusResponse']?.safeParse(status).error?.issues ?? []).toEqual([]);
    expect(status.discoveries).toEqual([
      { source: 'kubernetes', clusters: 1, lastReadMs: READ_MS, failure: 'refused' },
      { source: 'file a.yaml', clusters: 0 },
    ]);
  });
});
