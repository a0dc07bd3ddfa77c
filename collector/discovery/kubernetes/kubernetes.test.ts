import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../clock.js';
import { createTestAuthority } from '../../testing/certificates.js';
import type { Discovery } from '../discovery.js';
import { untilHolds } from '../testing/fake-discovery.js';
import { startFakeKubernetes, type FakeKubernetes, type FakeObject } from '../testing/fake-kubernetes.js';
import { createKubernetesDiscovery, type KubernetesOptions } from './kubernetes.js';

const cleanUps: (() => unknown)[] = [];
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-kubernetes-'));
  cleanUps.push(() => rmSync(dir, { recursive: true }));
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

async function kubernetes(...args: Parameters<typeof startFakeKubernetes>): Promise<FakeKubernetes> {
  const fake = await startFakeKubernetes(...args);
  cleanUps.push(() => fake.close());
  return fake;
}

/** Waits are over in a moment, and counted: what is tested is the order of things, not their time. */
function quickClock(): Clock & { readonly waitsMs: number[] } {
  const waitsMs: number[] = [];
  let nowMs = 0;
  return {
    waitsMs,
    nowMs: () => nowMs,
    sleep(ms, signal) {
      waitsMs.push(ms);
      nowMs += ms;
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, 5);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

const OUTSIDE = { env: {}, accountDir: '/no/such/dir' };

interface Found extends Discovery {
  /** Waits until these clusters are known, as `name url`. */
  finds(...expected: readonly string[]): Promise<void>;
  failsWith(pattern: RegExp): Promise<void>;
  isWell(): Promise<void>;
}

function discover(options: Partial<KubernetesOptions>): Found {
  const discovery = createKubernetesDiscovery({
    namespaces: [],
    flinkDeployments: true,
    services: true,
    surroundings: OUTSIDE,
    clock: quickClock(),
    random: () => 0.5,
    urlTemplate: 'http://{service}.{namespace}:{port}',
    ...options,
  });
  cleanUps.push(() => discovery.stop());
  discovery.start();
  const shown = (): string =>
    discovery
      .clusters()
      .map(({ name, urls }) => `${name} ${urls.join()}`)
      .join('\n');
  return {
    ...discovery,
    finds: (...expected) => untilHolds(discovery, () => shown() === expected.join('\n')),
    failsWith: (pattern) => untilHolds(discovery, () => pattern.test(discovery.status().failure?.message ?? '')),
    isWell: () =>
      untilHolds(
        discovery,
        () => discovery.status().lastReadMs !== undefined && discovery.status().failure === undefined,
      ),
  };
}

const service = (namespace: string, name: string, more: object = {}): FakeObject => ({
  metadata: { namespace, name, labels: { component: 'jobmanager' } },
  spec: {
    ports: [
      { name: 'rpc', port: 6123 },
      { name: 'rest', port: 8081 },
    ],
    selector: { app: name },
    ...more,
  },
});
const deployment = (namespace: string, name: string, more: object = {}): FakeObject => ({
  metadata: { namespace, name, labels: { owner: 'team-payments' } },
  spec: { flinkVersion: 'v1_20' },
  ...more,
});

async function watched(fake: FakeKubernetes, count: number): Promise<void> {
  while (fake.watches < count) await new Promise((resolve) => setImmediate(resolve));
}

describe('a namespace that changes', () => {
  it('deployments and services appear, change and go while watched', async () => {
    const fake = await kubernetes();
    fake.put('flinkdeployments', deployment('prod', 'orders'));
    const found = discover({ apiServer: fake.url });
    await found.finds('prod/orders http://orders-rest.prod:8081');
    expect(found.clusters()[0]).toMatchObject({ owner: 'team-payments', source: 'kubernetes' });
    await watched(fake, 2);
    fake.put('services', service('dev', 'session-rest'));
    await found.finds('dev/session http://session-rest.dev:8081', 'prod/orders http://orders-rest.prod:8081');
    fake.put('services', service('dev', 'session-rest', { ports: [{ name: 'rest', port: 9999 }] }));
    await found.finds('dev/session http://session-rest.dev:9999', 'prod/orders http://orders-rest.prod:8081');
    fake.delete('flinkdeployments', 'prod', 'orders');
    await found.finds('dev/session http://session-rest.dev:9999');
    expect(fake.asked.filter((line) => line.startsWith('list'))).toHaveLength(2);
  });

  it('only the named namespaces are read, each by itself', async () => {
    const fake = await kubernetes();
    for (const namespace of ['a', 'b', 'c']) fake.put('services', service(namespace, 'flink'));
    const found = discover({ apiServer: fake.url, namespaces: ['a', 'c'], flinkDeployments: false });
    await found.finds('a/flink http://flink.a:8081', 'c/flink http://flink.c:8081');
    await watched(fake, 2);
    expect(fake.asked.filter((line) => line.startsWith('list')).sort()).toEqual([
      'list /api/v1/namespaces/a/services',
      'list /api/v1/namespaces/c/services',
    ]);
  });

  it('a list comes in pages', async () => {
    const fake = await kubernetes(undefined, 2);
    for (const name of ['flink-a', 'flink-b', 'flink-c', 'flink-d', 'flink-e'])
      fake.put('services', service('x', name));
    const found = discover({ apiServer: fake.url, flinkDeployments: false });
    await untilHolds(found, () => found.clusters().length === 5);
    expect(fake.asked.slice(0, 3)).toEqual(Array<string>(3).fill('list /api/v1/services'));
  });
});

describe('a watch that breaks', () => {
  it('goes on from where it was, without a new list; nothing in between is missed', async () => {
    const fake = await kubernetes();
    fake.put('services', service('x', 'flink-a'));
    const found = discover({ apiServer: fake.url, flinkDeployments: false });
    await found.finds('x/flink-a http://flink-a.x:8081');
    await watched(fake, 1);
    fake.cutWatches();
    fake.put('services', service('x', 'flink-b'));
    await found.finds('x/flink-a http://flink-a.x:8081', 'x/flink-b http://flink-b.x:8081');
    expect(fake.asked.filter((line) => line.startsWith('list'))).toHaveLength(1);
    expect(found.status().failure).toBeUndefined();
  });

  it('goes on from the last bookmark', async () => {
    const fake = await kubernetes();
    discover({ apiServer: fake.url, flinkDeployments: false });
    await watched(fake, 1);
    fake.bookmark();
    fake.endWatches();
    await watched(fake, 1);
    expect(fake.asked).toEqual([
      'list /api/v1/services',
      'watch /api/v1/services from 100',
      'watch /api/v1/services from 101',
    ]);
  });

  it.each(['as a status', 'as an event'] as const)('410 Gone %s: everything is listed again', async (how) => {
    const fake = await kubernetes();
    fake.put('services', service('x', 'flink-a'));
    fake.put('services', service('x', 'flink-b'));
    const found = discover({ apiServer: fake.url, flinkDeployments: false });
    await untilHolds(found, () => found.clusters().length === 2);
    await watched(fake, 1);
    await fake.goDown();
    fake.delete('services', 'x', 'flink-a');
    fake.compact(how);
    await fake.comeUp();
    await found.finds('x/flink-b http://flink-b.x:8081');
    await found.isWell();
  });
});

describe('an API server that is down', () => {
  it('keeps what is known, says why, is tried less and less often, and is followed again', async () => {
    const fake = await kubernetes();
    fake.put('services', service('x', 'flink-a'));
    const clock = quickClock();
    const found = discover({ apiServer: fake.url, flinkDeployments: false, clock });
    await found.finds('x/flink-a http://flink-a.x:8081');
    await watched(fake, 1);
    await fake.goDown();
    await found.failsWith(/refused the connection/);
    while (clock.waitsMs.length < 6) await new Promise((resolve) => setImmediate(resolve));
    expect(found.clusters()).toHaveLength(1);
    const waits = clock.waitsMs.filter((ms) => ms >= 5_000).slice(0, 4);
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000]);
    fake.put('services', service('x', 'flink-b'));
    await fake.comeUp();
    await found.finds('x/flink-a http://flink-a.x:8081', 'x/flink-b http://flink-b.x:8081');
    await found.isWell();
  });

  it('from the start has no clusters and says why', async () => {
    const fake = await kubernetes();
    await fake.goDown();
    const found = discover({ apiServer: fake.url });
    await found.failsWith(/refused the connection/);
    expect(found.status()).toMatchObject({ clusters: 0 });
    fake.put('services', service('x', 'flink-a'));
    await fake.comeUp();
    await found.finds('x/flink-a http://flink-a.x:8081');
  });
});

describe('what may not be read', () => {
  it('without the Flink operator there are services alone, which is no failure', async () => {
    const fake = await kubernetes();
    fake.absent.add('flinkdeployments');
    fake.put('services', service('x', 'flink-a'));
    const found = discover({ apiServer: fake.url });
    await found.finds('x/flink-a http://flink-a.x:8081');
    await found.isWell();
  });

  it('a missing role is said with what to do; the rest goes on', async () => {
    const fake = await kubernetes();
    fake.forbidden.add('flinkdeployments');
    fake.put('services', service('x', 'flink-a'));
    const found = discover({ apiServer: fake.url });
    await found.finds('x/flink-a http://flink-a.x:8081');
    await found.failsWith(/flinkdeployments is forbidden.* role list and watch .*discovery\.kubernetes\.namespaces/);
    fake.forbidden.clear();
    await found.isWell();
  });

  it('another service than Kubernetes is told', async () => {
    const fake = await kubernetes();
    fake.absent.add('services');
    const found = discover({ apiServer: fake.url, flinkDeployments: false });
    await found.failsWith(/\/api\/v1\/services does not exist \(HTTP 404: the server could not find/);
  });
});

describe('the login', () => {
  const authority = createTestAuthority();
  const tls = authority.issue('kubernetes', { hosts: ['127.0.0.1'] });

  it('of a pod: token and CA of its service account; a rotated token is taken when the old one is refused', async () => {
    const fake = await kubernetes(tls);
    fake.token = 'one';
    fake.put('services', service('x', 'flink-a'));
    file('ca.crt', authority.ca);
    file('token', 'one');
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(fake.port) };
    const found = discover({ surroundings: { env, accountDir: dir }, flinkDeployments: false });
    await found.finds('x/flink-a http://flink-a.x:8081');
    await watched(fake, 1);
    file('token', 'two');
    fake.token = 'two';
    fake.cutWatches();
    fake.put('services', service('x', 'flink-b'));
    await found.finds('x/flink-a http://flink-a.x:8081', 'x/flink-b http://flink-b.x:8081');
    expect(found.status().failure).toBeUndefined();
  });

  it('that stays refused is said, and works again when it is put right', async () => {
    const fake = await kubernetes();
    fake.token = 'right';
    const path = file('kubeconfig', kubeconfig({ server: fake.url }, { token: 'wrong' }));
    const found = discover({ kubeconfig: path });
    await found.failsWith(/refused access \(HTTP 401: Unauthorized\)/);
    file('kubeconfig', kubeconfig({ server: fake.url }, { token: 'right' }));
    await found.isWell();
  });

  it('of a pod whose token cannot be read', async () => {
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '1' };
    await discover({ surroundings: { env, accountDir: dir } }).failsWith(/(CA|token) file.* cannot be read/);
  });

  it('of a kubeconfig with a client certificate, files relative to it', async () => {
    const fake = await kubernetes({ ...tls, ca: authority.ca, requestCert: true, rejectUnauthorized: true });
    fake.put('services', service('x', 'flink-a'));
    const client = authority.issue('weir');
    file('client.crt', client.cert);
    file('ca.crt', authority.ca);
    const user = { 'client-certificate': 'client.crt', 'client-key-data': Buffer.from(client.key).toString('base64') };
    const path = file('kubeconfig', kubeconfig({ server: fake.url, 'certificate-authority': 'ca.crt' }, user));
    await discover({ kubeconfig: path, flinkDeployments: false }).finds('x/flink-a http://flink-a.x:8081');
  });

  it('with a CA that nobody has given', async () => {
    const fake = await kubernetes(tls);
    const path = file('kubeconfig', kubeconfig({ server: fake.url }, {}));
    await discover({ kubeconfig: path }).failsWith(/not trusted here/);
  });
});

const kubeconfig = (cluster: object, user: object): string =>
  JSON.stringify({
    'current-context': 'main',
    contexts: [{ name: 'main', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
  });

describe('where the clusters are reached', () => {
  it('from outside through the API server, with its login and nobody else’s', async () => {
    const fake = await kubernetes();
    fake.token = 'secret';
    fake.put('flinkdeployments', deployment('prod', 'orders'));
    const path = file('kubeconfig', kubeconfig({ server: `${fake.url}/` }, { token: 'secret' }));
    const { urlTemplate: _none, ...outside } = { urlTemplate: undefined, kubeconfig: path };
    const discovery = createKubernetesDiscovery({
      namespaces: [],
      flinkDeployments: true,
      services: false,
      surroundings: OUTSIDE,
      access: { auth: { bearerToken: 'of-the-clusters' } },
      ...outside,
    });
    cleanUps.push(() => discovery.stop());
    discovery.start();
    await untilHolds(discovery, () => discovery.clusters().length === 1);
    expect(discovery.clusters()[0]).toMatchObject({
      urls: [`${fake.url}/api/v1/namespaces/prod/services/http:orders-rest:8081/proxy`],
      access: { auth: { bearerToken: 'secret' } },
    });
  });

  it('elsewhere with the access of the configuration, never with the login of the API server', async () => {
    const fake = await kubernetes();
    fake.put('flinkdeployments', deployment('prod', 'orders'));
    const access = { auth: { bearerToken: 'of-the-clusters' } };
    const found = discover({ apiServer: fake.url, urlTemplate: 'https://{name}.flink.example/{namespace}', access });
    await found.finds('prod/orders https://orders.flink.example/prod');
    expect(found.clusters()[0]).toMatchObject({ access });
  });
});
