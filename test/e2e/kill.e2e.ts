import { afterAll, describe, expect, it } from 'vitest';
import type { EventsResponse, JobsResponse, SeriesResponse } from '../../dashboard/contract.js';
import { ClusterSim } from '../../sim/model/cluster-sim.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';
import { serveSim } from '../../sim/server.js';
import { startService, temporaryDir, until, type RunningService } from '../support/service.js';

/** What may be missing after the power goes: the part not yet written. */
const LOST_MS = 30_000;
const WATCH_MS = 75_000;

describe('kill -9 during writes', () => {
  const dir = temporaryDir();
  const services: RunningService[] = [];
  afterAll(async () => {
    for (const service of services) await service.end('SIGKILL');
    dir.remove();
  });

  it('a restart shows all but the last 30 s of history', async () => {
    const cluster = await serveSim(new ClusterSim(DEMO_JOBS, Date.now() - 600_000), () => Date.now());
    const first = await startService(['--data', dir.path, '--flink', cluster.url], dir.path);
    services.push(first);
    const startedMs = Date.now();
    const { jobs } = await first.json<JobsResponse>('/api/v1/jobs');
    const job = jobs.find(({ name }) => name === 'orders-enrich');
    if (job === undefined) throw new Error('no job');
    await until(async () => Date.now() - startedMs > WATCH_MS, WATCH_MS + 10_000, 'a history to lose');
    const killedMs = Date.now();
    await first.end('SIGKILL');
    // The cluster is gone too, so what the second service shows of the past can only come from the files.
    await cluster.close();
    const still = await serveSim(
      new ClusterSim(DEMO_JOBS, Date.now() - 600_000),
      () => Date.now(),
      Number(new URL(cluster.url).port),
    );
    const second = await startService(['--data', dir.path, '--flink', cluster.url], dir.path);
    services.push(second);

    const path = `/api/v1/jobs/${job.cluster}/${job.jobId}/series?metric=lagRecords&from=${startedMs - 5000}&to=${killedMs}&points=8`;
    const series = await second.json<SeriesResponse>(path);
    const known = (series.lines[0]?.points ?? []).filter(([, value]) => value !== null).map(([atMs]) => atMs);
    expect(Math.min(...known)).toBeLessThanOrEqual(startedMs + 15_000);
    expect(Math.max(...known)).toBeGreaterThanOrEqual(killedMs - LOST_MS);
    const { events } = await second.json<EventsResponse>(
      `/api/v1/jobs/${job.cluster}/${job.jobId}/events?from=${startedMs - 5000}`,
    );
    expect(events.map(({ kind }) => kind)).toContain('finding');
    const status = await second.json<{ store: { healthy: boolean; notes: string[] } }>('/api/v1/status');
    expect(status.store).toMatchObject({ healthy: true, notes: [] });
    await still.close();
  });
});
