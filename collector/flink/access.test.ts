import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { proxyFromEnvironment } from '../http/proxy.js';
import type { Reading } from '../model/index.js';
import { createTestAuthority } from '../testing/certificates.js';
import { fixtureText } from '../testing/fixtures.js';
import { startStubServer, type StubAnswer, type StubServer } from '../testing/flink-server.js';
import { parseBaseUrl } from './base-url.js';
import { createFlinkClient, type FlinkClient, type FlinkClientOptions } from './client.js';
import { redirectedBase } from './redirect.js';

const JOB = '467e4fb9614fa2ab3d7842c6b4da3bb5';
const OVERVIEW: StubAnswer = { json: fixtureText('1.20.3', 'overview') };
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

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port; // A TCP server that listens has an AddressInfo.
}

const serveTls = (options: ServerOptions, listener: RequestListener): Promise<number> =>
  listen(createHttpsServer(options, listener));

const answerOverview: RequestListener = (request, response) => {
  if (request.url === '/flink/a/overview' || request.url === '/overview')
    response.setHeader('content-type', 'application/json').end(fixtureText('1.20.3', 'overview'));
  else response.writeHead(404).end('{"errors":["Not found"]}');
};

function clientFor(urls: string | readonly string[], options: Partial<FlinkClientOptions> = {}): FlinkClient {
  const list = typeof urls === 'string' ? [urls] : urls;
  const client = createFlinkClient({ name: 'test', urls: list, timeoutMs: TIMEOUT_MS, ...options });
  cleanUps.push(() => client.close());
  return client;
}

const outcome = (reading: Reading<unknown>): string =>
  reading.ok ? 'ok' : `${reading.failure.kind}: ${reading.failure.message}`;

function temporaryFile(): (name: string, text: string) => string {
  const dir = mkdtempSync(join(tmpdir(), 'weir-access-'));
  cleanUps.push(() => rmSync(dir, { recursive: true }));
  return (name, text) => {
    const path = join(dir, name);
    writeFileSync(path, text);
    return path;
  };
}

describe('TLS', () => {
  const authority = createTestAuthority();
  const stranger = createTestAuthority('another CA');
  const server = authority.issue('jobmanager', { hosts: ['127.0.0.1', 'jobmanager.internal'] });
  const client = authority.issue('weir');

  it('with the cluster’s own CA and a path prefix', async () => {
    const port = await serveTls(server, answerOverview);
    const url = `https://127.0.0.1:${port}/flink/a/`;
    expect(outcome(await clientFor(url, { tls: { ca: authority.ca } }).overview())).toBe('ok');
    expect(outcome(await clientFor(url).overview())).toMatch(/^unreachable: .*not trusted.*tls\.ca/);
    expect(outcome(await clientFor(url, { tls: { ca: stranger.ca } }).overview())).toMatch(/not trusted/);
  });

  it('for another name only with tls.servername', async () => {
    const named = authority.issue('jobmanager', { hosts: ['jobmanager.internal'] });
    const port = await serveTls(named, answerOverview);
    const url = `https://127.0.0.1:${port}`;
    const tls = { ca: authority.ca };
    expect(outcome(await clientFor(url, { tls }).overview())).toMatch(/^unreachable: .*another name.*tls\.servername/);
    const withName = clientFor(url, { tls: { ...tls, servername: 'jobmanager.internal' } });
    expect(outcome(await withName.overview())).toBe('ok');
  });

  it('with a client certificate where the cluster asks for one', async () => {
    const options = { ...server, ca: authority.ca, requestCert: true, rejectUnauthorized: true };
    const port = await serveTls(options, answerOverview);
    const url = `https://127.0.0.1:${port}`;
    const tls = { ca: authority.ca };
    expect(outcome(await clientFor(url, { tls: { ...tls, ...client } }).overview())).toBe('ok');
    expect(outcome(await clientFor(url, { tls }).overview())).toMatch(/^unreachable: .*tls\.cert and tls\.key/);
    const strange = stranger.issue('weir');
    expect(outcome(await clientFor(url, { tls: { ...tls, ...strange } }).overview())).toMatch(/^unreachable: /);
  });

  it('with files that are read again when they are old, so that a rotated certificate is taken', async () => {
    const file = temporaryFile();
    const seen: string[] = [];
    const options = { ...server, ca: authority.ca, requestCert: true, rejectUnauthorized: true };
    const port = await serveTls(options, (request, response) => {
      const socket = request.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } }; // TLS server.
      seen.push(socket.getPeerCertificate().subject.CN);
      answerOverview(request, response);
    });
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() };
    const first = authority.issue('weir-1');
    const tls = {
      caFile: file('ca.pem', authority.ca),
      certFile: file('cert.pem', first.cert),
      keyFile: file('key.pem', first.key),
    };
    const flink = clientFor(`https://127.0.0.1:${port}`, { tls, clock });
    await flink.overview();
    const second = authority.issue('weir-2');
    file('cert.pem', second.cert);
    file('key.pem', second.key);
    await flink.overview();
    nowMs = 60_000;
    expect(outcome(await flink.overview())).toBe('ok');
    expect(seen).toEqual(['weir-1', 'weir-1', 'weir-2']);
  });

  it('with a CA file that is not there: said, and not asked', async () => {
    const reading = await clientFor('https://127.0.0.1:1', { tls: { caFile: '/no/such/ca.pem' } }).overview();
    expect(outcome(reading)).toMatch(/^unauthorized: .*the CA file \(tls\.ca\) cannot be read/);
  });

  it('with a password file', async () => {
    const file = temporaryFile();
    const seen: (string | undefined)[] = [];
    const stub = await serve({
      '/overview': (request, response) => {
        seen.push(request.headers.authorization);
        response.end(fixtureText('1.20.3', 'overview'));
      },
    });
    const basic = { username: 'u', passwordFile: file('password', 'p\n') };
    await clientFor(stub.url, { auth: { basic } }).overview();
    expect(seen).toEqual(['Basic dTpw']);
  });
});

describe('an HTTP proxy', () => {
  /** A forward proxy that takes plain requests and tunnels, and notes both. */
  async function startProxy(login?: string): Promise<{ readonly url: string; readonly asked: string[] }> {
    const asked: string[] = [];
    const refuses = (header: string | undefined): boolean =>
      login !== undefined && header !== `Basic ${Buffer.from(login).toString('base64')}`;
    const proxy = createHttpServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      if (refuses(request.headers['proxy-authorization'])) {
        response.writeHead(407).end();
        return;
      }
      const onward = httpRequest(request.url ?? '', { headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    });
    proxy.on('connect', (request, socket, head) => {
      asked.push(`CONNECT ${request.url ?? ''}`);
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    const port = await listen(proxy);
    return { url: `http://${login === undefined ? '' : `${login}@`}127.0.0.1:${port}`, asked };
  }

  it('is given the whole URL of a plain request', async () => {
    const proxy = await startProxy();
    const stub = await serve({ '/overview': OVERVIEW });
    expect(outcome(await clientFor(stub.url, { proxy: () => proxy.url }).overview())).toBe('ok');
    expect(proxy.asked).toEqual([`GET ${stub.url}/overview`]);
  });

  it('is tunnelled through for https, with the cluster’s own CA', async () => {
    const authority = createTestAuthority();
    const proxy = await startProxy();
    const port = await serveTls(authority.issue('jobmanager', { hosts: ['127.0.0.1'] }), answerOverview);
    const client = clientFor(`https://127.0.0.1:${port}`, { proxy: () => proxy.url, tls: { ca: authority.ca } });
    expect(outcome(await client.overview())).toBe('ok');
    expect(proxy.asked).toEqual([`CONNECT 127.0.0.1:${port}`]);
  });

  it('is told user and password of its URL', async () => {
    const proxy = await startProxy('bob:secret');
    const stub = await serve({ '/overview': OVERVIEW });
    expect(outcome(await clientFor(stub.url, { proxy: () => proxy.url }).overview())).toBe('ok');
    const without = clientFor(stub.url, { proxy: () => proxy.url.replace('bob:secret@', '') });
    expect(outcome(await without.overview())).toMatch(/^unauthorized: .*HTTP proxy.*407/);
  });

  it('that is down makes the cluster unreachable', async () => {
    const gone = await startStubServer();
    await gone.close();
    const stub = await serve({ '/overview': OVERVIEW });
    expect(outcome(await clientFor(stub.url, { proxy: () => gone.url }).overview())).toMatch(/^unreachable: /);
    expect(stub.asked).toEqual([]);
  });

  const ENV = {
    HTTP_PROXY: 'http://plain:3128',
    HTTPS_PROXY: 'secure:3128',
    NO_PROXY: 'flink.internal, .svc, 10.0.0.7:8081',
  };
  it.each([
    ['http://jm:8081', ENV, 'http://plain:3128'],
    ['https://jm', ENV, 'http://secure:3128'],
    ['http://jm:8081', { ...ENV, http_proxy: 'http://lower:1' }, 'http://lower:1'],
    ['http://jm:8081', {}, undefined],
    ['http://jm:8081', { HTTP_PROXY: '' }, undefined],
    ['http://127.0.0.1:8081', ENV, undefined],
    ['http://localhost:8081', ENV, undefined],
    ['https://flink.internal', ENV, undefined],
    ['https://a.flink.internal', ENV, undefined],
    ['https://notflink.internal', ENV, 'http://secure:3128'],
    ['http://jm.team.svc:8081', ENV, undefined],
    ['http://10.0.0.7:8081', ENV, undefined],
    ['http://10.0.0.7:8082', ENV, 'http://plain:3128'],
    ['http://jm:8081', { ...ENV, NO_PROXY: '*' }, undefined],
    ['http://jm:8081', { ...ENV, no_proxy: 'jm' }, undefined],
  ])('%s with %j goes through %s', (url, env, proxy) => {
    expect(proxyFromEnvironment(env)(new URL(url))).toBe(proxy);
  });
});

describe('a redirect', () => {
  const SECOND = 'http://jm-2:8081';
  const table: readonly (readonly [string, string, string, string, string | undefined])[] = [
    ['http to https', 'http://jm:8081', '/overview', 'https://jm:8081/overview', 'https://jm:8081'],
    ['to another port', 'http://jm:8081', '/overview', 'https://jm/overview', 'https://jm'],
    [
      'YARN’s proxy',
      'http://rm/proxy/app_1',
      '/overview',
      'http://rm/amproxy/app_1/overview',
      'http://rm/amproxy/app_1',
    ],
    ['below a prefix', 'http://jm', '/overview', '/flink/overview', 'http://jm/flink'],
    ['another JobManager of the list', 'http://jm', '/overview', `${SECOND}/overview`, SECOND],
    ['with the same query', 'http://jm', `/jobs/${JOB}/metrics?get=a`, `/x/jobs/${JOB}/metrics?get=a`, 'http://jm/x'],
    ['another host', 'http://jm', '/overview', 'http://other/overview', undefined],
    ['a login page', 'http://jm', '/overview', 'http://sso/login?to=/overview', undefined],
    ['https to http', 'https://jm', '/overview', 'http://jm/overview', undefined],
    ['another path', 'http://jm', `/jobs/${JOB}`, `/jobs/${JOB}/yarn-cancel`, undefined],
    ['yarn-stop', 'http://jm', `/jobs/${JOB}`, `/jobs/${JOB}/yarn-stop/`, undefined],
    ['a path that only ends alike', 'http://jm', '/config', `/jobs/${JOB}/config`, undefined],
    ['the run of a jar', 'http://jm', '/overview', '/jars/a.jar/plan/overview', undefined],
    ['without the query', 'http://jm', `/jobs/${JOB}/metrics?get=a`, `/jobs/${JOB}/metrics`, undefined],
    ['to no http', 'http://jm', '/overview', 'file:///overview', undefined],
    ['nonsense', 'http://jm', '/overview', 'http://', undefined],
  ];
  it.each(table)('%s: from %s for %s to %s → %s', (_what, from, path, location, leads) => {
    const own = [parseBaseUrl(from), parseBaseUrl(SECOND)];
    expect(redirectedBase(parseBaseUrl(from), path, location, own)?.shown).toBe(leads);
  });

  const movedTo = (location: string): StubAnswer => ({ status: 307, body: '', headers: { location } });

  it('is followed once, then its target is asked directly', async () => {
    const stub = await serve({
      '/proxy/app_1/overview': movedTo('/am/app_1/overview'),
      '/am/app_1/overview': OVERVIEW,
    });
    const client = clientFor(`${stub.url}/proxy/app_1`);
    for (let n = 0; n < 3; n += 1) expect(outcome(await client.overview())).toBe('ok');
    expect(stub.asked).toEqual(['/proxy/app_1/overview', ...Array<string>(3).fill('/am/app_1/overview')]);
  });

  it('is followed anew when its target is gone', async () => {
    const stub = await serve({ '/p/overview': movedTo('/am-1/overview'), '/am-1/overview': OVERVIEW });
    const client = clientFor(`${stub.url}/p`);
    await client.overview();
    stub.on('/am-1/overview', { status: 502, body: 'gone' });
    stub.on('/p/overview', movedTo('/am-2/overview'));
    stub.on('/am-2/overview', OVERVIEW);
    expect(outcome(await client.overview())).toMatch(/^unavailable/);
    expect(outcome(await client.overview())).toBe('ok');
  });

  it('to another path is refused, and that path never asked', async () => {
    const stub = await serve({ [`/jobs/${JOB}`]: movedTo(`/jobs/${JOB}/yarn-stop`) });
    expect(outcome(await clientFor(stub.url).job(JOB))).toMatch(/^not-flink: .*redirects to .*does not follow/);
    expect(stub.asked).toEqual([`/jobs/${JOB}`]);
  });

  it('that goes in circles ends', async () => {
    const stub = await serve({ '/overview': movedTo('/a/overview'), '/a/overview': movedTo('/overview') });
    expect(outcome(await clientFor(stub.url).overview())).toMatch(/^not-flink: .*does not follow/);
    expect(stub.asked).toHaveLength(4);
  });
});

describe('several JobManagers', () => {
  it('when the one in use dies, the answers under way come from the next: nothing is lost', async () => {
    const answers = { '/overview': OVERVIEW, '/jobs/overview': { json: { jobs: [] } } };
    const first = await startStubServer(answers);
    const second = await serve(answers);
    const client = clientFor([first.url, second.url]);
    expect(outcome(await client.overview())).toBe('ok');
    expect(client.url).toBe(first.url);
    await first.close();
    const readings = await Promise.all([client.jobs(), client.overview(), client.jobs(), client.overview()]);
    expect(readings.map(outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(client.url).toBe(second.url);
  });

  it('a standby that answers 503 is passed over', async () => {
    const standby = await serve({ '/overview': { status: 503, body: 'leader election' } });
    const leader = await serve({ '/overview': OVERVIEW });
    expect(outcome(await clientFor([standby.url, leader.url]).overview())).toBe('ok');
  });
});
