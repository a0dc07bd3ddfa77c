import { afterEach, describe, expect, it } from 'vitest';
import { createClusterCollector } from '../cluster-collector.js';
import { ARCHIVED_JOB_KEPT_MS, MAX_ENDED_JOBS } from '../limits.js';
import { fixtureText, type FixtureVersion } from '../testing/fixtures.js';
import { startStubServer, type StubAnswer, type StubServer } from '../testing/flink-server.js';
import { createManualClock } from '../testing/manual-clock.js';
import { createFlinkClient, createFlinkClientOver } from './client.js';
import { createHistoryServerTransport } from './history-server.js';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** What the History Server says of anything it has not (REST-TRUTH §5). */
const NOT_FOUND: StubAnswer = { status: 404, type: 'application/json', body: '{"errors":["File not found."]}' };
const NO_CHECKPOINTS = '{"errors":["Checkpointing has not been enabled."]}';

interface Detail {
  readonly jid: string;
  readonly name: string;
  readonly 'start-time': number;
  readonly 'end-time': number;
  readonly vertices: readonly { readonly id: string }[];
}

function failedJob(version: FixtureVersion): Detail {
  const json = JSON.parse(fixtureText(version, 'job-crash-FAILED')) as Detail & { readonly body?: Detail }; // A recorded answer.
  return json.body ?? json;
}

const summary = (detail: Detail, more: object = {}): object => ({
  jid: detail.jid,
  name: detail.name,
  state: 'FAILED',
  'start-time': detail['start-time'],
  'end-time': detail['end-time'],
  'last-modification': detail['end-time'],
  tasks: { total: 2, failed: 2 },
  ...more,
});

async function historyServer(version: FixtureVersion, jobs: readonly object[], detail: Detail): Promise<StubServer> {
  const job = `/jobs/${detail.jid}`;
  const server = await startStubServer({
    '/config': { json: { 'flink-version': version, features: { 'web-submit': false, 'web-history': true } } },
    '/jobs/overview': { json: { jobs } },
    [job]: { json: detail },
    [`${job}/exceptions`]: { json: fixtureText(version, 'exceptions-history') },
    // An archived error is served as if it were an answer.
    [`${job}/checkpoints`]: { json: NO_CHECKPOINTS },
    [`${job}/checkpoints/config`]: { json: NO_CHECKPOINTS },
    '/overview': NOT_FOUND,
  });
  cleanUps.push(() => server.close());
  return server;
}

function collectorOf(server: StubServer, nowMs: number) {
  const clock = createManualClock(nowMs);
  const options = { name: 'history', urls: [server.url], timeoutMs: 10_000, clock };
  const collector = createClusterCollector({
    name: 'history',
    client: createFlinkClientOver(createHistoryServerTransport(options)),
    endedKeptMs: ARCHIVED_JOB_KEPT_MS,
    maxRequestsPerSecond: 1_000,
    clock,
    onBug: (error) => {
      throw error;
    },
  });
  cleanUps.push(() => collector.stop());
  return { collector, clock };
}

describe.each(['1.13.6', '1.17.2', '1.20.3'] as const)('a History Server of Flink %s', (version) => {
  const detail = failedJob(version);
  const HOURS_LATER_MS = detail['end-time'] + 5 * 3_600_000;

  it('is a cluster of ended jobs, with their exceptions', async () => {
    const server = await historyServer(version, [summary(detail)], detail);
    const { collector } = collectorOf(server, HOURS_LATER_MS);
    const round = await collector.readOnce();
    expect(round).toMatchObject({ ok: true });
    expect(collector.status()).toMatchObject({
      reachable: true,
      flinkVersion: { text: version },
      overview: { taskManagers: 0, slotsTotal: 0, jobsRunning: 0 },
    });
    const [history] = collector.histories(HOURS_LATER_MS);
    expect(history).toMatchObject({ jobId: detail.jid, detail: { state: 'FAILED', endMs: detail['end-time'] } });
    expect(history?.vertices).toHaveLength(detail.vertices.length);
    expect(history?.exceptions.length).toBeGreaterThan(0);
    expect(history?.checkpoints).toEqual([]);
    expect(round.batch.exceptions.length).toBe(history?.exceptions.length);
  });

  it('is asked only for what it has, and for each job once', async () => {
    const server = await historyServer(version, [summary(detail)], detail);
    const { collector } = collectorOf(server, HOURS_LATER_MS);
    await collector.readOnce();
    const paths = server.asked.map((path) => path.replace(/[0-9a-f]{32}/g, 'ID'));
    expect(paths.filter((path) => /metrics|taskmanagers|^\/overview|^\/jobmanager/.test(path))).toEqual([]);
    const asked = server.asked.length;
    await collector.readOnce();
    expect(server.asked.slice(asked)).toEqual(['/jobs/overview']);
  });
});

describe('the jobs of a History Server', () => {
  const detail = failedJob('1.20.3');
  const endMs = detail['end-time'];

  it('of the last day are shown, older ones are not, and a day later they go', async () => {
    const jid = 'a'.repeat(32);
    const old = summary(detail, { jid, name: 'old', 'end-time': endMs - ARCHIVED_JOB_KEPT_MS });
    const server = await historyServer('1.20.3', [summary(detail), old], detail);
    const { collector } = collectorOf(server, endMs + 3_600_000);
    await collector.readOnce();
    expect(collector.histories(endMs + 3_600_000).map(({ jobId }) => jobId)).toEqual([detail.jid]);
    expect(collector.histories(endMs + ARCHIVED_JOB_KEPT_MS + 1)).toEqual([]);
  });

  it('of an archive of years are the newest, and no round brings the others up again', async () => {
    const many = Array.from({ length: 2_000 }, (_, n) =>
      summary(detail, { jid: n.toString(16).padStart(32, '0'), name: `job ${n}`, 'end-time': endMs - n }),
    );
    const server = await historyServer('1.20.3', many.reverse(), detail);
    const { collector } = collectorOf(server, endMs);
    await collector.readOnce();
    const shown = collector.histories(endMs).map(({ jobName }) => jobName);
    expect(shown).toHaveLength(MAX_ENDED_JOBS);
    expect(shown).toContain('job 0');
    expect(shown).not.toContain(`job ${MAX_ENDED_JOBS}`);
    const second = await collector.readOnce();
    expect(second.batch.events).toEqual([]);
  });
});

describe('a mistaken kind', () => {
  it('a History Server as a cluster is told what to write', async () => {
    const server = await historyServer('1.20.3', [], failedJob('1.20.3'));
    const client = createFlinkClient({ name: 'x', urls: [server.url], timeoutMs: 10_000 });
    cleanUps.push(() => client.close());
    const reading = await client.overview();
    expect(reading.ok ? '' : reading.failure.message).toMatch(/this is a History Server.*kind: history-server/);
  });

  it('another service as a History Server is told', async () => {
    const server = await startStubServer({ '/jobs/overview': { json: { status: 'UP' } } });
    cleanUps.push(() => server.close());
    const { collector } = collectorOf(server, 0);
    const { failure } = await collector.readOnce();
    expect(failure?.message).toMatch(/jobs\/overview is not what a History Server of Flink says/);
  });
});
