import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClustersResponse, FindingsResponse, JobPage, JobRow, JobsResponse } from '../contract.js';
import type { ReadFailure } from '../../collector/model/index.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';
import { readEvents } from '../../test/support/events.js';
import { serveSimulated, SETTLED_BEATS, type ServedSim } from '../../test/support/served-sim.js';
import { SHAPES } from '../../test/support/wire-shapes.js';

const REFUSED: ReadFailure = {
  kind: 'unreachable',
  message:
    'http://jobmanager:8081 refused the connection: is the JobManager running, and is this the REST port (8081 by default)?',
};
let sim: ServedSim;

const row = async (name: string): Promise<JobRow | undefined> =>
  (await sim.json<JobsResponse>('/api/v1/jobs')).jobs.find((job) => job.name === name);
const cluster = async () => (await sim.json<ClustersResponse>('/api/v1/clusters')).clusters[0];

beforeEach(async () => {
  sim = await serveSimulated({ specs: DEMO_JOBS.filter(({ name }) => /orders|payments/.test(name)) });
  await sim.beats(SETTLED_BEATS);
}, 60_000);
afterEach(async () => {
  expect(sim.bugs).toEqual([]);
  await sim.close();
});

describe('a cluster that vanishes', () => {
  it('is unknown with the reason in words; its jobs are UNKNOWN, never FAILED; the last data is kept', async () => {
    const before = await row('orders-enrich');
    const lastReadMs = sim.nowMs();
    sim.fail(REFUSED);
    await sim.beats(6);

    expect(await cluster()).toMatchObject({
      state: 'unknown',
      failure: REFUSED.message,
      sinceMs: lastReadMs,
      lastReadMs,
      taskManagers: 4,
    });
    const after = await row('orders-enrich');
    expect(after).toMatchObject({ state: 'UNKNOWN', worst: 'unknown', dataAgeMs: 60_000 });
    expect(after?.headline).toEqual(before?.headline);
    expect(after?.findings).toEqual(before?.findings);
    expect(after?.lagSeconds).toBeCloseTo(before?.lagSeconds ?? 0, 0);
    expect(after).not.toHaveProperty('health');

    const page = await sim.json<JobPage>(`/api/v1/jobs/sim/${after?.jobId ?? ''}`);
    expect(SHAPES['JobPage']?.safeParse(page).error?.issues ?? []).toEqual([]);
    expect(page.answer).toContain('Nothing new is known');
    expect(page.answer).toContain('refused the connection');
    expect(page.vertices).toHaveLength(4);
    for (const { busyRatioMax } of page.vertices) expect(busyRatioMax).toBeGreaterThan(0);
    expect(page.coverage.coveredRatio).toBeLessThan(1);
    expect(page.job).not.toHaveProperty('uptimeMs');
    expect((await sim.get('/readyz')).status).toBe(200);
  });

  it('returns: readings go on, nothing has been taken for a failure or a restart', async () => {
    const before = await row('orders-enrich');
    const { findings } = await sim.json<FindingsResponse>('/api/v1/findings?state=firing&job=orders-enrich');
    sim.fail(REFUSED);
    await sim.beats(30);
    sim.fail();
    await sim.beats(6);
    expect(await cluster()).toMatchObject({ state: 'reachable', lastReadMs: sim.nowMs() });
    expect(await cluster()).not.toHaveProperty('failure');
    const after = await row('orders-enrich');
    expect(after).toMatchObject({ state: 'RUNNING', worst: 'critical', jobId: before?.jobId, dataAgeMs: 0 });
    const again = await sim.json<FindingsResponse>('/api/v1/findings?state=firing&job=orders-enrich');
    expect(again.findings.map(({ id }) => id).sort()).toEqual(findings.map(({ id }) => id).sort());
    expect(again.findings.map(({ rule }) => rule)).not.toContain('job-not-running');
    const { events } = await sim.json<{ events: { kind: string }[] }>(
      `/api/v1/jobs/sim/${after?.jobId ?? ''}/events?to=${sim.nowMs() + 1}`,
    );
    expect(events.map(({ kind }) => kind)).not.toContain('restart');
  });

  const failures: readonly ReadFailure[] = [
    { kind: 'timeout', message: 'http://jobmanager:8081 did not answer within 5 s.' },
    { kind: 'unauthorized', status: 401, message: 'http://jobmanager:8081 asks for a login (401).' },
    { kind: 'unavailable', status: 503, message: 'http://jobmanager:8081 is not ready yet (503).' },
    { kind: 'not-flink', message: 'http://jobmanager:8081 answered with HTML.' },
    { kind: 'malformed', message: 'http://jobmanager:8081 sent JSON that is cut off.' },
    { kind: 'too-large', message: 'http://jobmanager:8081 answered with more than 64 MiB.' },
  ];
  it('whatever the failure, it is said in its words and no job is called FAILED', async () => {
    for (const failure of failures) {
      sim.fail(failure);
      await sim.beats(1);
      expect(await cluster()).toMatchObject({ state: 'unknown', failure: failure.message });
      const { jobs } = await sim.json<JobsResponse>('/api/v1/jobs');
      expect(new Set(jobs.map(({ state, worst }) => `${state} ${worst}`))).toEqual(new Set(['UNKNOWN unknown']));
    }
  });

  it('the event stream says so too', async () => {
    const events = await readEvents(`${sim.url}/api/v1/stream`);
    await events.next();
    sim.fail(REFUSED);
    await sim.beats(1);
    const event = await events.next();
    expect(event.type === 'fleet' ? event.clusters[0]?.state : event.type).toBe('unknown');
    expect(event.type === 'fleet' ? event.jobs.every(({ worst }) => worst === 'unknown') : false).toBe(true);
    events.close();
  });
});

describe('a cluster that has never answered', () => {
  it('does not hold readiness, is unknown, and has no jobs', async () => {
    const dead = await serveSimulated({
      rewrite: () => {
        throw new Error('not reached');
      },
      specs: [],
      failure: REFUSED,
    });
    expect((await dead.get('/readyz')).status).toBe(200);
    const { clusters } = await dead.json<ClustersResponse>('/api/v1/clusters');
    expect(clusters[0]).toMatchObject({ state: 'unknown', failure: REFUSED.message });
    expect(clusters[0]).not.toHaveProperty('lastReadMs');
    expect(await dead.json<JobsResponse>('/api/v1/jobs')).toEqual({ jobs: [] });
    expect(await (await dead.get('/metrics')).text()).toMatch(/^weir_cluster_up\{cluster="sim"\} 0$/m);
    await dead.close();
  });
});
