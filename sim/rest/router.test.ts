import { describe, expect, it } from 'vitest';
import { parseJson } from '../../collector/flink/decode/body.decode.js';
import { decodeCheckpointConfig } from '../../collector/flink/decode/checkpoint-config.decode.js';
import { decodeCheckpointDetails } from '../../collector/flink/decode/checkpoint-details.decode.js';
import { decodeCheckpointSubtasks } from '../../collector/flink/decode/checkpoint-subtasks.decode.js';
import { decodeCheckpoints } from '../../collector/flink/decode/checkpoints.decode.js';
import { decodeClusterConfig } from '../../collector/flink/decode/cluster-config.decode.js';
import { decodeConfiguration } from '../../collector/flink/decode/configuration.decode.js';
import { decodeExceptions } from '../../collector/flink/decode/exceptions.decode.js';
import { decodeJobConfig } from '../../collector/flink/decode/job-config.decode.js';
import { decodeJob } from '../../collector/flink/decode/job.decode.js';
import { decodeJobsOverview } from '../../collector/flink/decode/jobs-overview.decode.js';
import { decodeMetricIds, decodeMetricValues } from '../../collector/flink/decode/metrics.decode.js';
import { decodeOverview } from '../../collector/flink/decode/overview.decode.js';
import { decodeTaskManagerDetails, decodeTaskManagers } from '../../collector/flink/decode/taskmanager.decode.js';
import { decodeVertex } from '../../collector/flink/decode/vertex.decode.js';
import type { Decoded } from '../../collector/flink/decode/body.decode.js';
import { TASK_COUNTERS } from '../../collector/plan/vertex-metrics.js';
import { DEMO_JOBS } from '../demo/jobs.js';
import { ClusterSim } from '../model/cluster-sim.js';
import { serveSim } from '../server.js';
import { createRouter } from './router.js';

const START_MS = Date.UTC(2026, 0, 5);
const NOW_MS = START_MS + 900_000;
const sim = new ClusterSim(DEMO_JOBS, START_MS);
sim.advanceTo(NOW_MS);
const route = createRouter(sim);

/** What the collector would make of an answer: over text, as on the wire. */
function read<T>(path: string, decode: (body: unknown, atMs: number) => Decoded<T>): T {
  const { status, body } = route(path);
  expect(status).toBe(200);
  const parsed = parseJson(JSON.stringify(body));
  if (!parsed.ok) throw new Error(parsed.problem);
  const decoded = decode(parsed.value, NOW_MS);
  if (!decoded.ok) throw new Error(`${path}: ${decoded.problem}`);
  return decoded.value;
}

const job = sim.jobs.find(({ spec }) => spec.name === 'orders-enrich');
if (job === undefined) throw new Error('the demo has no job orders-enrich');
const enrich = job.vertices.find(({ spec }) => spec.name === 'enrich');
const source = job.vertices.find(({ spec }) => spec.source !== undefined);
if (enrich === undefined || source === undefined) throw new Error('orders-enrich has no enrich or source');
const at = `/jobs/${job.jobId}`;

describe('the simulated REST reads as Flink’s, through the collector’s own decoders', () => {
  it('/config and /overview: version, TaskManagers, slots', () => {
    expect(read('/config', decodeClusterConfig)).toMatchObject({ flinkVersion: { text: '1.20.3' } });
    expect(read('/overview', decodeOverview)).toMatchObject({
      flinkVersion: { text: '1.20.3' },
      taskManagers: 9,
      slotsTotal: 22,
      slotsAvailable: 0,
      jobsRunning: 6,
    });
  });

  it('/jobs/overview: six running jobs', () => {
    const jobs = read('/jobs/overview', decodeJobsOverview);
    expect(jobs.map(({ name, state }) => `${name} ${state}`)).toEqual(DEMO_JOBS.map(({ name }) => `${name} RUNNING`));
  });

  it('/jobs/:jobid: vertices with their counters, edges with their ship strategy', () => {
    const detail = read(at, decodeJob);
    expect(detail).toMatchObject({ jobId: job.jobId, name: 'orders-enrich', state: 'RUNNING', type: 'STREAMING' });
    expect(detail.vertices.map(({ name, parallelism }) => `${name} ${parallelism}`)).toEqual([
      'Source: orders 4',
      'parse 4',
      'enrich 4',
      'Sink: enriched-orders 4',
    ]);
    expect(JSON.stringify(detail)).toContain('HASH');
  });

  it('/jobs/:jobid/vertices/:vertexid: each subtask with accumulated times that fill its life', () => {
    const { subtasks } = read(`${at}/vertices/${enrich.vertexId}`, decodeVertex);
    expect(subtasks).toHaveLength(4);
    for (const subtask of subtasks) {
      expect(subtask).toMatchObject({ state: 'RUNNING', attempt: 0 });
      const { busyMs = 0, idleMs = 0, backPressuredMs = 0 } = subtask;
      expect(Math.abs(busyMs + idleMs + backPressuredMs - 900_000)).toBeLessThanOrEqual(3);
    }
  });

  it('checkpoints: counts, history, one in detail, one vertex of it', () => {
    const stats = read(`${at}/checkpoints`, decodeCheckpoints);
    expect(stats.counts.completed).toBeGreaterThan(10);
    const completed = stats.history.find(({ status }) => status === 'COMPLETED');
    expect(completed).toBeDefined();
    const id = completed?.id ?? 0;
    expect(read(`${at}/checkpoints/details/${id}`, decodeCheckpointDetails)).toBeDefined();
    const subtasks = read(`${at}/checkpoints/details/${id}/subtasks/${enrich.vertexId}`, (body) =>
      decodeCheckpointSubtasks(body, enrich.vertexId),
    );
    expect(subtasks).toHaveLength(4);
    for (const { asyncMs, syncMs } of subtasks) expect([asyncMs, syncMs]).not.toContain(undefined);
    expect(read(`${at}/checkpoints/config`, decodeCheckpointConfig)).toMatchObject({ intervalMs: 30_000 });
  });

  it('every subtask of a completed checkpoint has acknowledged, the last one too', () => {
    const completed = read(`${at}/checkpoints`, decodeCheckpoints).history.filter(
      ({ status }) => status === 'COMPLETED',
    );
    expect(completed.length).toBeGreaterThan(5);
    for (const { id } of completed)
      for (const { vertexId } of job.vertices) {
        const subtasks = read(`${at}/checkpoints/details/${id}/subtasks/${vertexId}`, (body) =>
          decodeCheckpointSubtasks(body, vertexId),
        );
        expect(subtasks.every(({ acknowledged }) => acknowledged)).toBe(true);
      }
  });

  it('exceptions: none; configurations: a few keys', () => {
    expect(read(`${at}/exceptions`, decodeExceptions)).toMatchObject({ exceptions: [] });
    expect(read(`${at}/config`, decodeJobConfig)).toBeDefined();
    for (const path of ['/jobmanager/config', `${at}/jobmanager/config`])
      expect(read(path, decodeConfiguration)).toMatchObject({ 'state.backend.type': 'rocksdb' });
  });

  it('a source’s lag comes as its connector’s metric, under the name that Flink mangles', () => {
    const ids = read(`${at}/vertices/${source.vertexId}/subtasks/metrics`, decodeMetricIds);
    expect(ids).toContain('Source__orders.pendingRecords');
    const metrics = `${at}/vertices/${source.vertexId}/metrics`;
    const values = read(`${metrics}?get=0.Source__orders.pendingRecords`, decodeMetricValues);
    expect(Number(values.get('0.Source__orders.pendingRecords'))).toBeGreaterThan(0);
    expect(read(`${metrics}?get=9.nope,nonsense`, decodeMetricValues).size).toBe(0);
  });

  it('counters of a task are the same among its metrics as on its vertex’s page', () => {
    for (const { vertexId } of [source, enrich]) {
      const page = read(`${at}/vertices/${vertexId}`, decodeVertex);
      const ids = Object.values(TASK_COUNTERS).map((name) => `1.${name}`);
      const values = read(`${at}/vertices/${vertexId}/metrics?get=${ids.join(',')}`, decodeMetricValues);
      for (const [key, name] of Object.entries(TASK_COUNTERS))
        expect(Number(values.get(`1.${name}`)), name).toBe(page.subtasks[1]?.[key as keyof typeof TASK_COUNTERS]);
    }
  });

  it('TaskManagers: slots, heap, collections', () => {
    const managers = read('/taskmanagers', decodeTaskManagers);
    expect(managers).toHaveLength(9);
    for (const { taskManagerId } of managers) {
      const details = read(`/taskmanagers/${encodeURIComponent(taskManagerId)}`, decodeTaskManagerDetails);
      expect(JSON.stringify(details)).toMatch(/"heapUsedBytes":\d+/);
    }
  });
});

describe('what it does not have, it says as Flink does', () => {
  it.each([
    '/nope',
    '/jobs/ffffffffffffffffffffffffffffffff',
    `${at}/vertices/ffffffffffffffffffffffffffffffff`,
    `${at}/checkpoints/details/999999`,
    '/taskmanagers/nope',
    '/jars',
    '/jobs/../etc',
  ])('%s is 404 with errors', (path) => {
    expect(route(path)).toMatchObject({ status: 404, body: { errors: [expect.any(String)] } });
  });
});

describe('over HTTP', () => {
  it('lives up to the time of each request, and changes nothing for any method but GET', async () => {
    let nowMs = START_MS + 10_000;
    const server = await serveSim(new ClusterSim(DEMO_JOBS, START_MS), () => nowMs);
    const uptime = async () => {
      const { jobs } = (await (await fetch(`${server.url}/jobs/overview`)).json()) as { jobs: { duration: number }[] };
      return jobs[0]?.duration;
    };
    expect(await uptime()).toBe(10_000);
    nowMs += 60_000;
    expect(await uptime()).toBe(70_000);
    const deleted = await fetch(`${server.url}${at}`, { method: 'PATCH' });
    expect(deleted.status).toBe(404);
    expect(deleted.headers.get('content-type')).toContain('application/json');
    await server.close();
  });
});
