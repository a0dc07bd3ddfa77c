import { afterEach, describe, expect, it } from 'vitest';
import { startStubServer, type StubAnswer, type StubServer } from '../../testing/flink-server.js';
import { createManualClock } from '../../testing/manual-clock.js';
import type { Discovery } from '../discovery.js';
import { YARN_INTERVAL_MS } from '../limits.js';
import { untilHolds } from '../testing/fake-discovery.js';
import type { YarnApplication } from './applications.decode.js';
import { ApplicationNames } from './names.js';
import { createYarnDiscovery, type YarnOptions } from './yarn.js';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const APPS = '/ws/v1/cluster/apps';
const app = (number: number, more: object = {}): object => ({
  id: `application_1700000000000_000${number}`,
  name: `job-${number}`,
  user: 'hadoop',
  queue: 'streaming',
  state: 'RUNNING',
  applicationType: 'Apache Flink',
  trackingUI: 'ApplicationMaster',
  trackingUrl: `http://rm:8088/proxy/application_1700000000000_000${number}/`,
  startedTime: 1_700_000_000_000 + number,
  ...more,
});
const listOf = (...apps: readonly object[]): StubAnswer => ({ json: { apps: { app: apps } } });

async function resourceManager(answer: StubAnswer): Promise<StubServer> {
  const server = await startStubServer({ [APPS]: answer });
  cleanUps.push(() => server.close());
  return server;
}

function discover(
  urls: readonly string[],
  more: Partial<YarnOptions> = {},
): { discovery: Discovery; beat(): Promise<void> } {
  const clock = createManualClock(0);
  const discovery = createYarnDiscovery({
    urls,
    applicationTypes: ['Apache Flink'],
    clock,
    random: () => 0.5,
    ...more,
  });
  cleanUps.push(() => discovery.stop());
  discovery.start();
  return { discovery, beat: () => clock.advance(YARN_INTERVAL_MS) };
}

const answered = (discovery: Discovery): Promise<void> =>
  untilHolds(discovery, () => discovery.clusters().length > 0 || discovery.status().failure !== undefined);

describe('a ResourceManager', () => {
  it('lists the running Flink applications, reached through its proxy', async () => {
    const rm = await resourceManager(listOf(app(1), app(2, { trackingUrl: 'UNASSIGNED' })));
    const { discovery } = discover([`${rm.url}/`], { user: 'hadoop', queue: 'streaming' });
    await answered(discovery);
    expect(discovery.clusters()).toEqual([
      {
        name: 'job-1',
        urls: ['http://rm:8088/proxy/application_1700000000000_0001'],
        source: 'yarn',
        owner: 'hadoop',
        labels: { 'yarn.application': 'application_1700000000000_0001', 'yarn.queue': 'streaming' },
      },
      expect.objectContaining({ name: 'job-2', urls: [`${rm.url}/proxy/application_1700000000000_0002`] }),
    ]);
    expect(rm.asked[0]).toBe(
      `${APPS}?states=RUNNING&applicationTypes=Apache+Flink&user=hadoop&queue=streaming&deSelects=resourceRequests`,
    );
  });

  it.each([{ apps: null }, { apps: {} }, { apps: { app: [] } }])('without applications says %j', async (json) => {
    const rm = await resourceManager({ json });
    const { discovery, beat } = discover([rm.url]);
    rm.on(APPS, listOf(app(1)));
    await beat();
    await answered(discovery);
    expect(discovery.status()).toMatchObject({ clusters: 1 });
  });

  it('that is the standby sends to the active one, which is asked instead', async () => {
    const active = await resourceManager(listOf(app(1)));
    const standby = await resourceManager({
      status: 307,
      body: 'This is standby RM.',
      headers: { location: `${active.url}${APPS}` },
    });
    const { discovery } = discover([standby.url, active.url]);
    await answered(discovery);
    expect(discovery.status()).toEqual({ source: 'yarn', clusters: 1, lastReadMs: 0 });
  });

  it('is given the login of the configuration', async () => {
    const seen: (string | undefined)[] = [];
    const rm = await resourceManager((request, response) => {
      seen.push(request.headers.authorization);
      response.end(JSON.stringify({ apps: { app: [app(1)] } }));
    });
    const access = { auth: { basic: { username: 'u', password: 'p' } } };
    const { discovery } = discover([rm.url], { access });
    await answered(discovery);
    expect(seen).toEqual(['Basic dTpw']);
    expect(discovery.clusters()[0]).toMatchObject({ access });
  });

  const failures: readonly (readonly [string, StubAnswer, RegExp])[] = [
    [
      'the standby alone',
      { status: 307, body: '', headers: { location: 'http://rm-2:8088/ws' } },
      /redirects to http:\/\/rm-2/,
    ],
    [
      'another service',
      { json: { status: 'UP' } },
      /is not the REST of a YARN ResourceManager \(apps: .*discovery\.yarn\.url/,
    ],
    ['a page', { status: 200, type: 'text/html', body: '<html>' }, /not the REST of a YARN.*not JSON/],
    ['Kerberos', { status: 401, body: '', headers: { 'www-authenticate': 'Negotiate' } }, /Kerberos.*does not speak/],
    ['no access', { status: 403, body: 'no' }, /refused access \(HTTP 403: no\)/],
    [
      'an error',
      { status: 500, body: '{"RemoteException":{"message":"out of \\"memory\\""}}' },
      /HTTP 500: out of "memory"/,
    ],
  ];
  it.each(failures)('%s: the last set stays, and why is said', async (_what, answer, says) => {
    const rm = await resourceManager(listOf(app(1)));
    const { discovery, beat } = discover([rm.url]);
    await answered(discovery);
    rm.on(APPS, answer);
    await beat();
    await untilHolds(discovery, () => discovery.status().failure !== undefined);
    expect(discovery.status().failure?.message).toMatch(says);
    expect(discovery.clusters()).toHaveLength(1);
  });
});

describe('names of applications', () => {
  const running = (number: number, name: string): YarnApplication => ({
    applicationId: `application_17_000${number}`,
    name,
    startedMs: number,
  });
  const table: readonly (readonly [string, readonly (readonly [number, string])[], readonly string[]])[] = [
    [
      'their own',
      [
        [1, 'orders'],
        [2, 'payments'],
      ],
      ['orders', 'payments'],
    ],
    [
      'one name for two: the older keeps it',
      [
        [2, 'orders'],
        [1, 'orders'],
      ],
      ['orders-17_0002', 'orders'],
    ],
    ['the name that nobody chose', [[1, 'Flink session cluster']], ['Flink-session-cluster-17_0001']],
    ['signs that a name may not have', [[1, 'orders / eu:west']], ['orders-eu-west']],
    ['no name', [[1, ' ']], ['application_17_0001']],
    ['a long one', [[1, 'x'.repeat(80)]], ['x'.repeat(64)]],
  ];
  it.each(table)('%s', (_what, apps, expected) => {
    const applications = apps.map(([number, name]) => running(number, name));
    expect(applications.map(({ applicationId }) => new ApplicationNames().of(applications).get(applicationId))).toEqual(
      expected,
    );
  });

  it('an application keeps its name while it runs, and one that is started again gets the old name', () => {
    const names = new ApplicationNames();
    expect([...names.of([running(1, 'orders'), running(2, 'orders')]).values()]).toEqual(['orders', 'orders-17_0002']);
    expect([...names.of([running(2, 'orders')]).values()]).toEqual(['orders-17_0002']);
    expect([...names.of([running(2, 'orders'), running(3, 'orders')]).values()]).toEqual(['orders-17_0002', 'orders']);
  });
});
