import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reporterText } from '../testing/fixtures.js';
import { startStubServer, type StubAnswer, type StubServer } from '../testing/flink-server.js';
import { createManualClock } from '../testing/manual-clock.js';
import { isInstalled, startScraper, type StoreServer } from '../testing/store-servers.js';
import { QUERY_WINDOW_SECONDS } from './limits.js';
import { createQueriedReporters, type QueriedOptions } from './queried.js';
import type { Reporters } from './reporters.js';

const SINK = '9dd63673dd41ea021b896d5203f3ba7c';
const INTERVAL_MS = 10_000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function queried(url: string, more: Partial<QueriedOptions> = {}): Reporters {
  const reporters = createQueriedReporters({
    name: 'prod',
    url,
    match: { namespace: 'prod' },
    intervalMs: INTERVAL_MS,
    random: () => 0.5,
    ...more,
  });
  open.push(reporters);
  return reporters;
}

describe.each(['prometheus', 'victoria-metrics'] as const)('%s that scrapes a TaskManager', (program) => {
  const text = reporterText('2.3.0', 'tm');
  const jobId = /job_id="(\w+)"/.exec(text)?.[1] ?? '';
  let server: StoreServer;
  let target: StubServer;

  beforeAll(async () => {
    if (!isInstalled(program)) return;
    target = await startStubServer({ '/metrics': { status: 200, type: 'text/plain; version=0.0.4', body: text } });
    server = await startScraper(program, `127.0.0.1:${target.port}`);
  }, 60_000);
  afterAll(async () => {
    await server?.remove();
    await target?.close();
  });

  // Neither is needed to build or run Weir; where everything is installed a skipped test fails.
  it.skipIf(!isInstalled(program))(
    'tells what the TaskManager told, and when',
    async () => {
      const reporters = queried(server.url);
      await expect.poll(async () => (await reporters.refresh()).ok, { timeout: 30_000, interval: 500 }).toBe(true);
      const tasks = reporters.figures.tasks(jobId, SINK, 2);
      const said = /_job_task_numRecordsIn\{[^}]*9dd63673[^}]*subtask_index="1",\} (\S+)/.exec(text)?.[1];
      expect(tasks?.[1]?.values.get('numRecordsIn')).toBe(Number(said));
      expect(tasks?.[1]?.values.has('accumulateBusyTimeMs')).toBe(true);
      expect(reporters.figures.taskManager(/tm_id="([^"]+)"/.exec(text)?.[1] ?? '')?.values.size).toBeGreaterThan(10);
      const ageMs = Date.now() - (tasks?.[1]?.atMs ?? 0);
      expect(ageMs).toBeGreaterThanOrEqual(0);
      expect(ageMs).toBeLessThan(QUERY_WINDOW_SECONDS * 1000);
      const other = await queried(server.url, { match: { namespace: 'dev' } }).refresh();
      expect(other).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
    },
    60_000,
  );
});

describe('a server that is asked for reporters', () => {
  const PATH = '/api/v1/query';

  it.each<[string, StubAnswer, string, RegExp]>([
    ['asks for a login', { status: 401, body: '' }, 'unauthorized', /prometheus\.auth/],
    ['has no such API', { status: 404, body: '' }, 'http', /before \/api\/v1\/query/],
    ['is another service', { status: 200, body: '<html>' }, 'http', /no Prometheus query API/],
    ['is overloaded', { status: 503, body: 'too many queries' }, 'unavailable', /too many queries/],
    ['has no series', { json: { status: 'success', data: { result: [] } } }, 'not-found', /prometheus\.match/],
    [
      'has series without labels',
      {
        json: {
          data: { result: [{ metric: { __name__: 'flink_taskmanager_job_task_numRecordsIn' }, values: [[1, '2']] }] },
        },
      },
      'malformed',
      /scope\.variables\.excludes/,
    ],
  ])('one that %s is a failure with advice', async (_what, answer, kind, message) => {
    const server = await startStubServer({ [PATH]: answer });
    open.push(server);
    const reading = await queried(server.url).refresh();
    expect(reading).toMatchObject({ ok: false, failure: { kind } });
    expect(!reading.ok && reading.failure.message).toMatch(message);
  });

  it('that does not answer is left alone for longer and longer, and keeps what it said last', async () => {
    const name = 'flink_jobmanager_Status_JVM_CPU_Load';
    const server = await startStubServer({
      [PATH]: {
        json: { data: { result: [{ metric: { __name__: name, instance: 'jm:9249' }, values: [[1, '0.5']] }] } },
      },
    });
    open.push(server);
    const clock = createManualClock(1_700_000_000_000);
    const reporters = queried(server.url, { clock });
    expect((await reporters.refresh()).ok).toBe(true);
    server.on(PATH, { status: 503, body: '' });
    for (let round = 0; round < 12; round += 1) {
      await clock.advance(INTERVAL_MS);
      expect((await reporters.refresh()).ok).toBe(false);
    }
    expect(server.asked.length).toBeLessThan(8);
    expect(reporters.figures.jobManager()?.values.get('Status_JVM_CPU_Load')).toBe(0.5);
  });

  it('gets the labels of the cluster and the login as they are given', async () => {
    const forms: string[] = [];
    const logins: (string | undefined)[] = [];
    const server = await startStubServer({
      [PATH]: (request, response) => {
        logins.push(request.headers.authorization);
        request.on('data', (part: Buffer) => forms.push(part.toString()));
        request.on('end', () => response.writeHead(200).end('{"data":{"result":[]}}'));
      },
    });
    open.push(server);
    await queried(server.url, { match: { cluster: 'a "b"' }, auth: { bearerToken: 'secret' } }).refresh();
    expect(logins).toEqual(['Bearer secret']);
    expect(new URLSearchParams(forms.join('')).get('query')).toContain(',cluster="a \\"b\\""}[60s]');
  });
});
