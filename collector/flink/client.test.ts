import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReadFailure, Reading } from '../model/index.js';
import { fixtureText } from '../testing/fixtures.js';
import { startStubServer, type StubAnswer, type StubServer } from '../testing/flink-server.js';
import { createFlinkClient, type FlinkClient, type FlinkClientOptions } from './client.js';
import { networkFailure } from './failures.js';
import { assertAllowed } from './paths.js';

const JOB = '467e4fb9614fa2ab3d7842c6b4da3bb5';
const VERTEX = 'bc764cd8ddf7a0cff126f51c16239658';
const OVERVIEW: StubAnswer = { json: fixtureText('1.20.3', 'overview') };
/** For servers that never answer; all others get the time a busy machine needs. */
const SHORT_TIMEOUT_MS = 150;
const TIMEOUT_MS = 10_000;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function serve(answers: Readonly<Record<string, StubAnswer>>): Promise<StubServer> {
  const server = await startStubServer(answers);
  cleanUps.push(() => server.close());
  return server;
}

function clientFor(urls: string | readonly string[], options: Partial<FlinkClientOptions> = {}): FlinkClient {
  const client = createFlinkClient({
    name: 'test',
    urls: typeof urls === 'string' ? [urls] : urls,
    timeoutMs: TIMEOUT_MS,
    ...options,
  });
  cleanUps.push(() => client.close());
  return client;
}

function failureOf(reading: Reading<unknown>): ReadFailure {
  if (reading.ok) throw new Error(`expected a failure, got ${JSON.stringify(reading.value)}`);
  return reading.failure;
}

/** A TCP server that is no HTTP server. */
async function serveTcp(greet: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
  // A TCP server that listens has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

describe('an answer that is no answer', () => {
  const html = '<!doctype html><html><body>Welcome to nginx</body></html>';
  const table: readonly [string, StubAnswer, ReadFailure['kind'], RegExp][] = [
    [
      'HTML with 200',
      { status: 200, type: 'text/html', body: html },
      'not-flink',
      /HTML page, not Flink's REST: check the port and path prefix/,
    ],
    ['HTML that says it is JSON', { status: 200, type: 'application/json', body: html }, 'not-flink', /HTML page/],
    ['HTML with 404', { status: 404, type: 'text/html', body: html }, 'not-flink', /path prefix/],
    [
      'a redirect to a login page',
      { status: 302, body: '', headers: { location: 'http://sso/login?token=abc' } },
      'not-flink',
      /redirects to http:\/\/sso\/login .*does not follow/,
    ],
    ['401', { status: 401, body: 'no' }, 'unauthorized', /refused access \(HTTP 401\): check auth/],
    ['403', { status: 403, type: 'text/html', body: html }, 'unauthorized', /HTTP 403/],
    [
      '503 in a leader election',
      {
        status: 503,
        type: 'application/json',
        body: '{"errors":["Service temporarily unavailable due to an ongoing leader election. Please refresh."]}',
      },
      'unavailable',
      /leader election/,
    ],
    ['502 of a proxy', { status: 502, type: 'text/html', body: html }, 'unavailable', /proxy in front/],
    [
      '500 with the server’s exception',
      {
        status: 500,
        type: 'application/json',
        body: '{"errors":["Internal server error.","<Exception on server side:\\norg.apache.flink.X: why\\n\\tat a.b"]}',
      },
      'unavailable',
      /org\.apache\.flink\.X: why\)/,
    ],
    [
      '404',
      { status: 404, type: 'application/json', body: fixtureBody('1.20.3', 'error-unknown-path') },
      'not-found',
      /does not exist \(HTTP 404: Unable to load/,
    ],
    [
      '400',
      { status: 400, type: 'application/json', body: '{"errors":["Bad request"]}' },
      'http',
      /HTTP 400: Bad request/,
    ],
    ['truncated JSON', { json: '{"taskmanagers":1,"slots-to' }, 'malformed', /cut off/],
    ['an empty body', { json: '' }, 'malformed', /empty/],
    ['text', { status: 200, body: 'pong' }, 'malformed', /not JSON/],
    ['JSON of another service', { json: { status: 'UP' } }, 'malformed', /flink-version.*is this Flink's REST/],
    [
      'a body over the limit',
      { json: `{"flink-version":"1.20.3","x":"${'a'.repeat(5_000)}"}` },
      'too-large',
      /more than 4096 bytes/,
    ],
  ];

  it.each(table)('%s', async (_what, answer, kind, message) => {
    const server = await serve({ '/overview': answer });
    const failure = failureOf(await clientFor(server.url, { maxBodyBytes: 4096 }).overview());
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(message);
    expect(failure.message).toContain(`http://127.0.0.1:${server.port}/overview`);
  });
});

function fixtureBody(version: '1.20.3', name: string): string {
  const match = /"body":\s*(\{[\s\S]*\})\s*\}\s*$/.exec(fixtureText(version, name));
  return match?.[1] ?? '';
}

describe('no answer at all', () => {
  it('a refused connection', async () => {
    const server = await startStubServer();
    await server.close();
    const failure = failureOf(await clientFor(server.url).overview());
    expect(failure).toMatchObject({ kind: 'unreachable' });
    expect(failure.message).toMatch(/refused the connection: is the JobManager running/);
    expect(failure).not.toHaveProperty('status');
  });

  it('an unknown host', () => {
    // Not asked for real: a test must not wait for anybody's DNS.
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND no-such-host'), { code: 'ENOTFOUND' });
    const failure = networkFailure(error, 'http://no-such-host:8081/overview', TIMEOUT_MS, 1);
    expect(failure.kind).toBe('unreachable');
    expect(failure.message).toMatch(/host name is unknown here \(ENOTFOUND\): check its spelling/);
  });

  it('a server that accepts and never answers', async () => {
    const server = await serve({ '/overview': () => undefined });
    const failure = failureOf(await clientFor(server.url, { timeoutMs: SHORT_TIMEOUT_MS }).overview());
    expect(failure.kind).toBe('timeout');
    expect(failure.message).toMatch(/did not answer within 0\.15 s/);
  });

  it('a body that drips for ever', async () => {
    const server = await serve({ '/overview': (_request, response) => void response.writeHead(200).write('{') });
    const client = clientFor(server.url, { timeoutMs: SHORT_TIMEOUT_MS });
    expect(failureOf(await client.overview()).kind).toBe('timeout');
  });

  it('a port that speaks something else', async () => {
    const port = await serveTcp((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    const failure = failureOf(await clientFor(`http://127.0.0.1:${port}`).overview());
    expect(failure.kind).toBe('not-flink');
    expect(failure.message).toMatch(/does not speak HTTP here/);
  });

  it('https to a port that speaks http', async () => {
    const server = await serve({ '/overview': OVERVIEW });
    const failure = failureOf(await clientFor(`https://127.0.0.1:${server.port}`).overview());
    expect(failure.kind).toBe('unreachable');
    expect(failure.message).toMatch(/TLS failed|closed the connection/);
  });

  it('a body shorter than its length', async () => {
    const server = await serve({
      '/overview': (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{"flink');
        setImmediate(() => response.destroy());
      },
    });
    const failure = failureOf(await clientFor(server.url).overview());
    expect(['malformed', 'unreachable']).toContain(failure.kind);
  });
});

describe('a connection that is reset', () => {
  it('is tried once more', async () => {
    let calls = 0;
    const server = await serve({
      '/overview': (request, response) => {
        calls += 1;
        if (calls === 1) request.socket.destroy();
        else response.end(fixtureText('1.20.3', 'overview'));
      },
    });
    expect((await clientFor(server.url).overview()).ok).toBe(true);
    expect(calls).toBe(2);
  });

  it('is not tried for ever', async () => {
    const server = await serve({ '/overview': (request) => void request.socket.destroy() });
    const failure = failureOf(await clientFor(server.url).overview());
    expect(failure.kind).toBe('unreachable');
    expect(failure.message).toMatch(/closed the connection/);
    expect(server.asked).toHaveLength(2);
  });
});

describe('where a request goes', () => {
  it('below the path prefix of the URL', async () => {
    const server = await serve({ '/proxy/app_1/overview': OVERVIEW });
    const client = clientFor(`${server.url}/proxy/app_1/`);
    expect((await client.overview()).ok).toBe(true);
    expect(client.url).toBe(`${server.url}/proxy/app_1`);
  });

  it('to the next JobManager of an HA list, and stays there', async () => {
    const dead = await startStubServer();
    await dead.close();
    const server = await serve({ '/overview': OVERVIEW });
    const client = clientFor([dead.url, server.url]);
    expect((await client.overview()).ok).toBe(true);
    expect(client.url).toBe(server.url);
    expect((await client.overview()).ok).toBe(true);
    expect(server.asked).toHaveLength(2);
  });

  it('with the first URL’s failure when none answers', async () => {
    const server = await serve({ '/overview': { status: 503, body: 'election' } });
    const dead = await startStubServer();
    await dead.close();
    const failure = failureOf(await clientFor([server.url, dead.url]).overview());
    expect(failure.kind).toBe('unavailable');
  });

  it('with the configured headers and token', async () => {
    const seen: (string | undefined)[] = [];
    const server = await serve({
      '/overview': (request, response) => {
        seen.push(request.headers.authorization, String(request.headers['x-team']));
        response.end(fixtureText('1.20.3', 'overview'));
      },
    });
    await clientFor(server.url, { auth: { bearerToken: 'abc', headers: { 'x-team': 'a' } } }).overview();
    await clientFor(server.url, { auth: { basic: { username: 'u', password: 'p' } } }).overview();
    await clientFor(server.url.replace('//', '//u:p@')).overview();
    expect(seen).toEqual(['Bearer abc', 'a', 'Basic dTpw', 'undefined', 'Basic dTpw', 'undefined']);
  });

  it('with the token of a file, read again when it is old', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'weir-token-'));
    cleanUps.push(() => {
      rmSync(dir, { recursive: true });
    });
    const file = join(dir, 'token');
    writeFileSync(file, 'one\n');
    const seen: (string | undefined)[] = [];
    const server = await serve({
      '/overview': (request, response) => {
        seen.push(request.headers.authorization);
        response.end(fixtureText('1.20.3', 'overview'));
      },
    });
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() };
    const client = clientFor(server.url, { auth: { bearerTokenFile: file }, clock });
    await client.overview();
    writeFileSync(file, 'two\n');
    await client.overview();
    nowMs = 60_000;
    await client.overview();
    expect(seen).toEqual(['Bearer one', 'Bearer one', 'Bearer two']);
  });

  it('nowhere when the token file is not there', async () => {
    const server = await serve({ '/overview': OVERVIEW });
    const failure = failureOf(await clientFor(server.url, { auth: { bearerTokenFile: '/no/such/file' } }).overview());
    expect(failure.kind).toBe('unauthorized');
    expect(failure.message).toMatch(/token file cannot be read/);
    expect(server.asked).toEqual([]);
  });

  it('never shows a password of the URL', async () => {
    const server = await startStubServer();
    await server.close();
    const failure = failureOf(await clientFor(`http://bob:hunter2@127.0.0.1:${server.port}`).overview());
    expect(failure.message).not.toContain('hunter2');
  });
});

describe('the allow-list', () => {
  it.each([
    [`/jobs/${JOB}/yarn-cancel`],
    [`/jobs/${JOB}/yarn-stop`],
    ['/jars'],
    ['/jobmanager/logs'],
    [`/jobs/${JOB}/../../jars`],
    ['/jobs/not-a-job-id'],
    [`/jobs/${JOB}?mode=cancel`],
  ])('refuses %s as a bug', (path) => {
    expect(() => {
      assertAllowed('/jobs/:jobid', path);
    }).toThrow(/must not ask/);
  });
});

describe('metrics', () => {
  it('are asked in request lines Flink accepts', async () => {
    const server = await serve({
      [`/jobs/${JOB}/vertices/${VERTEX}/metrics`]: (request, response) => {
        const get = new URL(request.url ?? '', 'http://x').searchParams.get('get') ?? '';
        response.end(JSON.stringify(get.split(',').map((id) => ({ id, value: '7' }))));
      },
    });
    const ids = Array.from({ length: 512 }, (_, index) => `${index}.Source__orders #1.pendingRecords`);
    const reading = await clientFor(server.url).vertexMetrics(JOB, VERTEX, ids);
    expect(reading.ok && [...reading.value.keys()]).toEqual(ids);
    expect(server.asked.length).toBeGreaterThan(1);
    for (const path of server.asked) expect(Buffer.byteLength(`GET ${path} HTTP/1.1`)).toBeLessThanOrEqual(4_000);
  });

  it('of nothing cost no request', async () => {
    const server = await serve({});
    const reading = await clientFor(server.url).jobMetrics(JOB, []);
    expect(reading.ok && reading.value.size).toBe(0);
    expect(server.asked).toEqual([]);
  });
});

describe('a job without checkpoints', () => {
  it('has none, which is no failure', async () => {
    const body = '{"errors":["Checkpointing has not been enabled."]}';
    const server = await serve({
      [`/jobs/${JOB}/checkpoints`]: { status: 404, type: 'application/json', body },
      [`/jobs/${JOB}/checkpoints/config`]: { status: 404, type: 'application/json', body },
    });
    const client = clientFor(server.url);
    expect(await client.checkpoints(JOB)).toMatchObject({ ok: true, value: undefined });
    expect(await client.checkpointConfig(JOB)).toMatchObject({ ok: true, value: undefined });
  });
});
