import { mkdirSync, writeFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { get } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSimulated, type ServedSim } from '../../test/support/served-sim.js';
import { temporaryDir } from '../../test/support/service.js';

const SCRIPT = `export const words = [${'"weir", '.repeat(2000)}];\n`;
const PAGE = '<!doctype html><html><head><base href="/" /><title>Weir</title></head><body></body></html>';
const IMMUTABLE = 'public, max-age=31536000, immutable';

const dir = temporaryDir();
const webDir = join(dir.path, 'web');
let atRoot: ServedSim;
let below: ServedSim;

beforeAll(async () => {
  mkdirSync(join(webDir, 'assets'), { recursive: true });
  writeFileSync(join(webDir, 'index.html'), PAGE);
  writeFileSync(join(webDir, 'assets', 'app-1.js'), SCRIPT);
  writeFileSync(join(webDir, 'assets', 'small-1.css'), 'a{}');
  writeFileSync(join(webDir, 'assets', 'icon-1.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(webDir, 'assets', 'dot-1.png'), Buffer.alloc(4096, 7));
  writeFileSync(join(webDir, 'secret.txt'), 'not an asset');
  atRoot = await serveSimulated({ webDir, specs: [] });
  below = await serveSimulated({ webDir, specs: [], basePath: '/flink/weir/', token: 'sesame' });
});
afterAll(async () => {
  expect(atRoot.bugs).toEqual([]);
  await Promise.all([atRoot.close(), below.close()]);
  dir.remove();
});

interface Raw {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** `fetch` unpacks by itself; this shows what was on the wire, and sends paths as they are. */
function raw(url: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Raw> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }),
      );
    }).on('error', reject);
  });
}

describe('assets', () => {
  const encodings: readonly {
    readonly accepts: string | undefined;
    readonly sent: string | undefined;
    readonly unpack: (body: Buffer) => Buffer;
  }[] = [
    { accepts: 'gzip, deflate, br, zstd', sent: 'br', unpack: brotliDecompressSync },
    { accepts: 'gzip, deflate', sent: 'gzip', unpack: gunzipSync },
    { accepts: 'br;q=0, gzip', sent: 'gzip', unpack: gunzipSync },
    { accepts: 'identity', sent: undefined, unpack: (body) => body },
    { accepts: undefined, sent: undefined, unpack: (body) => body },
  ];
  for (const { accepts, sent, unpack } of encodings) {
    it(`Accept-Encoding ${accepts ?? 'missing'}: ${sent ?? 'as it is'}`, async () => {
      const answer = await raw(
        atRoot.url,
        '/assets/app-1.js',
        accepts === undefined ? {} : { 'Accept-Encoding': accepts },
      );
      expect(answer.status).toBe(200);
      expect(answer.headers['content-encoding']).toBe(sent);
      expect(answer.headers['vary']).toContain('Accept-Encoding');
      expect(answer.headers['cache-control']).toBe(IMMUTABLE);
      expect(unpack(answer.body).toString()).toBe(SCRIPT);
      if (sent !== undefined) expect(answer.body.length).toBeLessThan(SCRIPT.length / 10);
    });
  }

  it.each([
    ['app-1.js', /^text\/javascript; charset=utf-8$/],
    ['small-1.css', /^text\/css; charset=utf-8$/],
    ['icon-1.svg', /^image\/svg\+xml/],
    ['dot-1.png', /^image\/png$/],
  ])('%s has its type', async (name, type) => {
    const answer = await raw(atRoot.url, `/assets/${name}`, { 'Accept-Encoding': 'gzip, br' });
    expect(answer.headers['content-type']).toMatch(type);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each(['small-1.css', 'dot-1.png'])('%s gains nothing from compression and is sent as it is', async (name) => {
    const answer = await raw(atRoot.url, `/assets/${name}`, { 'Accept-Encoding': 'gzip, br' });
    expect(answer.headers['content-encoding']).toBeUndefined();
  });

  it.each([
    '/assets/app-2.js',
    '/assets/',
    '/assets',
    '/assets/deep/app-1.js',
    '/assets/..%2Findex.html',
    '/assets/..%2f..%2f..%2fetc%2fpasswd',
    '/assets/../secret.txt',
    '/assets/.hidden',
    '/assets/%00',
  ])('%s is a 404 problem or the page, never another file', async (path) => {
    const { status, headers, body } = await raw(atRoot.url, path);
    expect(body.toString()).not.toMatch(/not an asset|root:/);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(status).toBe(404);
  });

  it('a new build is noticed without a restart', async () => {
    const file = join(webDir, 'assets', 'app-3.js');
    writeFileSync(file, 'export const a = 1;');
    expect((await raw(atRoot.url, '/assets/app-3.js')).body.toString()).toContain('a = 1');
    writeFileSync(file, 'export const a = 2;');
    utimesSync(file, new Date(0), new Date(1000));
    expect((await raw(atRoot.url, '/assets/app-3.js')).body.toString()).toContain('a = 2');
  });
});

describe('the page', () => {
  it.each(['/', '/jobs/a/b', '/rules', '/rules/skew-hot-key', '/status', '/index.html', '/no/such/page'])(
    '%s is the page, never cached unasked',
    async (path) => {
      const { status, headers, body } = await raw(atRoot.url, path);
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['cache-control']).toBe('no-cache');
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(body.toString()).toBe(PAGE);
    },
  );

  it('an unchanged page costs no body the second time', async () => {
    const etag = String((await raw(atRoot.url, '/')).headers['etag']);
    expect((await raw(atRoot.url, '/', { 'If-None-Match': etag })).status).toBe(304);
  });

  it('says what to do when the dashboard is not built', async () => {
    const unbuilt = await serveSimulated({ webDir: join(dir.path, 'nowhere'), specs: [] });
    const response = await unbuilt.get('/');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: 'The dashboard is not built. Run: npm run build' });
    await unbuilt.close();
  });
});

describe('below a base path', () => {
  const token = { Authorization: 'Bearer sesame' };

  it.each(['/flink/weir/', '/flink/weir', '/flink/weir/jobs/a/b', '/'])(
    '%s is the page with its base',
    async (path) => {
      const { status, body } = await raw(below.url, path, token);
      expect(status).toBe(200);
      expect(body.toString()).toContain('<base href="/flink/weir/" />');
    },
  );

  // With the prefix, and without: some proxies take it off.
  it.each(['/flink/weir', ''])('"%s" has API, metrics, probes and assets', async (prefix) => {
    for (const path of [
      '/api/v1/jobs',
      '/api/v1/openapi.json',
      '/metrics',
      '/healthz',
      '/readyz',
      '/assets/app-1.js',
    ]) {
      expect(`${path}: ${(await raw(below.url, `${prefix}${path}`, token)).status}`).toBe(`${path}: 200`);
    }
    expect((await raw(below.url, `${prefix}/api/v1/nope`, token)).status).toBe(404);
    expect((await raw(below.url, `${prefix}/assets/nope.js`, token)).status).toBe(404);
  });

  it('its OpenAPI document names the server with the prefix', async () => {
    const document = await below.json<{ servers: { url: string }[] }>('/flink/weir/api/v1/openapi.json', token);
    expect(document.servers).toEqual([{ url: '/flink/weir/api/v1' }]);
  });

  it('asks for the token under both, but not for the probes', async () => {
    for (const path of ['/flink/weir/', '/flink/weir/api/v1/jobs', '/api/v1/jobs', '/flink/weir/metrics'])
      expect(`${path}: ${(await raw(below.url, path)).status}`).toBe(`${path}: 401`);
    for (const path of ['/flink/weir/healthz', '/flink/weir/readyz', '/healthz', '/readyz'])
      expect(`${path}: ${(await raw(below.url, path)).status}`).toBe(`${path}: 200`);
  });
});
