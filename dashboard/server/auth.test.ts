import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSimulated, type ServedSim } from '../../test/support/served-sim.js';
import { temporaryDir } from '../../test/support/service.js';
import { OPERATIONS } from './openapi.js';

const TOKEN = 'open-sesame-0123456789';
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const dir = temporaryDir();
let sim: ServedSim;

beforeAll(async () => {
  mkdirSync(join(dir.path, 'assets'));
  writeFileSync(join(dir.path, 'index.html'), '<base href="/" />');
  writeFileSync(join(dir.path, 'assets', 'app.js'), 'export {};');
  sim = await serveSimulated({ token: TOKEN, specs: [], webDir: dir.path });
});
afterAll(async () => {
  await sim.close();
  dir.remove();
});

describe('with a token', () => {
  const closed = [
    '/',
    '/assets/app.js',
    '/metrics',
    '/api/v1/openapi.json',
    ...OPERATIONS.map(({ path }) => `/api/v1${path.replace(/\{\w+\}/g, 'x')}`),
    '/api/v1/nonsense',
    '/HEALTHZ/../metrics',
  ];
  for (const path of closed) {
    it(`${path} asks for it`, async () => {
      const response = await sim.get(path);
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(response.headers.get('www-authenticate')).toBe('Basic realm="Weir", Bearer');
      const body = await response.text();
      expect(JSON.parse(body)).toMatchObject({ status: 401, title: 'Not signed in' });
      expect(body).not.toContain(TOKEN);
    });
  }

  for (const path of ['/healthz', '/readyz']) {
    it(`${path} does not`, async () => {
      expect((await sim.get(path)).status).toBe(200);
    });
  }

  const accepted: readonly { readonly name: string; readonly header: string; readonly status: number }[] = [
    { name: 'a bearer token', header: `Bearer ${TOKEN}`, status: 200 },
    { name: 'bearer in small letters', header: `bearer ${TOKEN}`, status: 200 },
    { name: 'basic with any user', header: basic(`anyone:${TOKEN}`), status: 200 },
    { name: 'basic without a user', header: basic(`:${TOKEN}`), status: 200 },
    { name: 'a wrong token', header: 'Bearer open-sesame-0123456780', status: 401 },
    { name: 'a part of the token', header: 'Bearer open-sesame', status: 401 },
    { name: 'an empty token', header: 'Bearer ', status: 401 },
    { name: 'basic with a wrong password', header: basic('anyone:nope'), status: 401 },
    { name: 'the token as user', header: basic(`${TOKEN}:`), status: 401 },
    { name: 'another scheme', header: `Digest ${TOKEN}`, status: 401 },
    { name: 'nonsense', header: 'Basic %%%', status: 401 },
  ];
  for (const { name, header, status } of accepted) {
    it(`${name}: ${status}`, async () => {
      expect((await sim.get('/api/v1/jobs', { Authorization: header })).status).toBe(status);
    });
  }

  it('takes none from the address', async () => {
    expect((await sim.get(`/api/v1/jobs?token=${TOKEN}&access_token=${TOKEN}`)).status).toBe(401);
  });

  it('no answer contains it', async () => {
    for (const path of ['/api/v1/status', '/api/v1/clusters', '/api/v1/openapi.json', '/metrics', '/']) {
      const response = await sim.get(path, { Authorization: `Bearer ${TOKEN}` });
      expect(await response.text()).not.toContain(TOKEN);
    }
  });
});
