import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../clock.js';
import { startStubServer, type StubAnswer, type StubServer } from '../testing/flink-server.js';
import { createManualClock } from '../testing/manual-clock.js';
import { ADDRESSES_MAX_AGE_MS, MAX_TARGETS } from './limits.js';
import { createReporters, type Reporters, type ReportersOptions } from './reporters.js';
import { scrape } from './scrape.js';
import { createDispatchers } from '../http/dispatchers.js';
import { createTargets } from './targets.js';

const BEGIN_MS = 1_700_000_000_000;
const INTERVAL_MS = 10_000;
const TEXT = 'flink_jobmanager_Status_JVM_CPU_Load{host="h",} 0.5\n';
const PLAIN: StubAnswer = { status: 200, type: 'text/plain; version=0.0.4', body: TEXT };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function serve(answers: Readonly<Record<string, StubAnswer>>): Promise<StubServer> {
  const server = await startStubServer(answers);
  open.push(server);
  return server;
}

function reportersOf(targets: ReportersOptions['targets'], more: Partial<ReportersOptions> = {}): Reporters {
  const reporters = createReporters({ name: 'prod', targets, intervalMs: INTERVAL_MS, random: () => 0.5, ...more });
  open.push(reporters);
  return reporters;
}

const load = (reporters: Reporters): number | undefined =>
  reporters.figures.jobManager()?.values.get('Status_JVM_CPU_Load');

const packed =
  (body: Buffer): StubAnswer =>
  (request, response) => {
    const accepts = request.headers['accept-encoding'] === 'gzip';
    response.writeHead(200, accepts ? { 'content-encoding': 'gzip' } : {}).end(body);
  };

describe('reporters', () => {
  it.each<[string, StubAnswer]>([
    ['plain', PLAIN],
    ['packed', packed(gzipSync(TEXT))],
  ])('are read %s', async (_how, answer) => {
    const { url } = await serve({ '/metrics': answer });
    const reporters = reportersOf({ urls: [`${url}/metrics`] });
    expect(await reporters.refresh()).toMatchObject({ ok: true });
    expect(load(reporters)).toBe(0.5);
  });

  it.each<[string, StubAnswer, string, RegExp]>([
    ['asks for a login', { status: 401, body: '' }, 'unauthorized', /without a login/],
    ['has another path', { status: 404, body: '' }, 'not-found', /under \/metrics/],
    ['breaks', { status: 500, body: '' }, 'unavailable', /HTTP 500/],
    ['is a web page', { status: 200, body: '<html>\n<body>hello</body>\n' }, 'not-flink', /check the port and path/],
    ['is cut', { status: 200, body: `${TEXT}${TEXT}flink_jobmanager_Status_J{a="` }, 'malformed', /1 of its lines/],
    ['is packed badly', packed(Buffer.from('no gzip')), 'malformed', /cannot be unpacked/],
    ['ends in the middle of its packing', packed(gzipSync(TEXT.repeat(99)).subarray(0, 60)), 'malformed', /unpacked/],
    [
      'lacks the labels that say whose figures they are',
      { status: 200, body: 'flink_taskmanager_job_task_numRecordsIn{host="h",} 1\n' },
      'malformed',
      /scope\.variables\.excludes/,
    ],
  ])('one that %s is a failure with advice', async (_what, answer, kind, message) => {
    const { url } = await serve({ '/metrics': answer });
    const reading = await reportersOf({ urls: [`${url}/metrics`] }).refresh();
    expect(reading).toMatchObject({ ok: false, failure: { kind } });
    expect(!reading.ok && reading.failure.message).toMatch(message);
  });

  it('one of several that fails is named with their number; the others are read', async () => {
    const { url } = await serve({ '/jm': PLAIN, '/tm': { status: 500, body: '' } });
    const reporters = reportersOf({ urls: [`${url}/tm`, `${url}/jm`] });
    const reading = await reporters.refresh();
    expect(!reading.ok && reading.failure.message).toBe(`1 of 2 reporters: ${url}/tm answered HTTP 500.`);
    expect(load(reporters)).toBe(0.5);
  });

  it('one that fails is left alone for longer and longer, still a failure, and read again when it is back', async () => {
    const { url, asked, on } = await serve({ '/metrics': { status: 500, body: '' } });
    const clock = createManualClock(BEGIN_MS);
    const reporters = reportersOf({ urls: [`${url}/metrics`] }, { clock });
    const rounds = 12;
    for (let i = 0; i < rounds; i += 1) {
      expect((await reporters.refresh()).ok).toBe(false);
      await clock.advance(INTERVAL_MS);
    }
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.length).toBeLessThan(rounds / 2);
    on('/metrics', PLAIN);
    await clock.advance(120_000);
    expect((await reporters.refresh()).ok).toBe(true);
    expect(load(reporters)).toBe(0.5);
  });

  it('say nothing any more of a process that is gone', async () => {
    const { url, on } = await serve({ '/metrics': PLAIN });
    const reporters = reportersOf({ urls: [`${url}/metrics`] });
    await reporters.refresh();
    on('/metrics', { status: 200, body: '' });
    await reporters.refresh();
    expect(load(reporters)).toBeUndefined();
  });

  it('are counted among the requests', async () => {
    const { url } = await serve({ '/metrics': PLAIN });
    const seen: unknown[] = [];
    const observer = { onRequest: (...call: unknown[]) => void seen.push(call.slice(0, 3)) };
    await reportersOf({ urls: [`${url}/metrics`] }, { observer }).refresh();
    expect(seen).toEqual([['prod', 'reporter', 'ok']]);
  });

  it('a text without an end is left at its limit, packed as it may be', async () => {
    const { url } = await serve({ '/metrics': packed(gzipSync(TEXT.repeat(20_000))) });
    const clock: Clock = createManualClock(BEGIN_MS);
    const dispatchers = createDispatchers({ connections: 1, timeoutMs: 5000, bodyTimeoutMs: 5000, clock });
    open.push({ close: () => dispatchers.destroy() });
    let series = 0;
    const problem = await scrape({
      dispatcher: await dispatchers.forOrigin(url),
      url: `${url}/metrics`,
      isWanted: () => true,
      onSeries: () => (series += 1),
      maxBytes: 100_000,
    });
    expect(problem?.kind).toBe('too-large');
    expect(series).toBeLessThan(3_000);
  });
});

describe('targets behind a DNS name', () => {
  const DNS = { dns: 'flink-metrics.prod.svc', port: 9249, path: '/metrics' };

  it('are its addresses, asked for now and then; a name that fails keeps the last ones and says so', async () => {
    const answers: (readonly string[] | Error)[] = [['10.0.0.1', '::1', '10.0.0.1'], new Error('gone')];
    let asked = 0;
    const targets = createTargets(DNS, () => {
      const answer = answers[asked++];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? []);
    });
    const urls = ['http://10.0.0.1:9249/metrics', 'http://[::1]:9249/metrics'];
    expect(await targets(BEGIN_MS)).toEqual({ urls });
    expect(await targets(BEGIN_MS + 1)).toEqual({ urls });
    expect(asked).toBe(1);
    expect(await targets(BEGIN_MS + ADDRESSES_MAX_AGE_MS)).toMatchObject({
      urls,
      problem: { kind: 'unreachable' },
    });
  });

  it('more of them than Weir reads of one cluster are said to be left out', async () => {
    const targets = createTargets({ urls: Array.from({ length: MAX_TARGETS + 2 }, (_, i) => `http://h:${i}/`) }, () =>
      Promise.resolve([]),
    );
    const { urls, problem } = await targets(BEGIN_MS);
    expect([urls.length, problem?.kind]).toEqual([MAX_TARGETS, 'too-large']);
  });
});
