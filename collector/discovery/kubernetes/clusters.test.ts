import { describe, expect, it } from 'vitest';
import { INSIDE_TEMPLATE, OUTSIDE_TEMPLATE, uniquePlaces, urlOf } from './clusters.js';
import { decodeEvent, decodePage, flinkDeploymentSchema, serviceSchema, type Service } from './objects.decode.js';

const REST = { name: 'rest', port: 8081 };
const service = (name: string, more: Partial<Service> = {}): Service => ({
  namespace: 'x',
  name,
  labels: {},
  selector: {},
  ports: [REST],
  ...more,
});

const deployment = (more: object = {}) =>
  flinkDeploymentSchema.parse({ metadata: { namespace: 'x', name: 'orders' }, ...more });

const found = (
  services: readonly Service[],
  deployments: readonly ReturnType<typeof deployment>[] = [],
  chosen = false,
) => uniquePlaces(deployments, services, chosen).map((place) => urlOf(INSIDE_TEMPLATE, place, 'https://api'));

describe('which services are a Flink cluster’s REST', () => {
  const table: readonly (readonly [string, Service, string | undefined])[] = [
    [
      'native mode',
      service('a-rest', { labels: { app: 'a', type: 'flink-native-kubernetes' } }),
      'http://a-rest.x.svc:8081',
    ],
    ['by label', service('a', { labels: { component: 'jobmanager' } }), 'http://a.x.svc:8081'],
    ['by selector', service('a', { selector: { app: 'a', component: 'jobmanager' } }), 'http://a.x.svc:8081'],
    ['by app', service('a', { labels: { 'app.kubernetes.io/name': 'flink' } }), 'http://a.x.svc:8081'],
    ['by its name', service('flink-jobmanager'), 'http://flink-jobmanager.x.svc:8081'],
    ['by port 8081', service('flink', { ports: [{ name: 'webui', port: 8081 }] }), 'http://flink.x.svc:8081'],
    ['on another port', service('flink', { ports: [{ name: 'rest', port: 80 }] }), 'http://flink.x.svc:80'],
    ['with TLS', service('flink', { ports: [{ name: 'https', port: 8081 }] }), 'https://flink.x.svc:8081'],
    ['without a REST port', service('flink', { ports: [{ name: 'rpc', port: 6123 }] }), undefined],
    ['of something else', service('schema-registry', { ports: [{ name: 'http', port: 8081 }] }), undefined],
  ];
  it.each(table)('%s', (_what, candidate, url) => {
    expect(found([candidate])).toEqual(url === undefined ? [] : [url]);
  });

  it('with a selector of the user’s own the port is enough', () => {
    expect(found([service('engine')], [], true)).toEqual(['http://engine.x.svc:8081']);
  });

  it('of two services for the same pods the shorter name is taken', () => {
    const selector = { app: 'flink', component: 'jobmanager' };
    const two = [service('flink-jobmanager-ui', { selector }), service('flink-jobmanager', { selector })];
    expect(found(two)).toEqual(['http://flink-jobmanager.x.svc:8081']);
  });
});

describe('deployments of the operator', () => {
  const flinkConfiguration = { 'security.ssl.rest.enabled': 'true', 'rest.port': '9081' };
  const table: readonly (readonly [string, object, readonly string[]])[] = [
    ['as they are by default', {}, ['http://orders-rest.x.svc:8081']],
    ['with TLS and a port of their own', { spec: { flinkConfiguration } }, ['https://orders-rest.x.svc:9081']],
    [
      'options as numbers and flags',
      { spec: { flinkConfiguration: { 'rest.port': 9081, 'security.ssl.rest.enabled': true } } },
      ['https://orders-rest.x.svc:9081'],
    ],
    ['suspended', { spec: { job: { state: 'suspended' } }, status: { jobManagerDeploymentStatus: 'MISSING' } }, []],
    [
      'being suspended',
      { spec: { job: { state: 'suspended' } }, status: { jobManagerDeploymentStatus: 'READY' } },
      ['http://orders-rest.x.svc:8081'],
    ],
    [
      'with an error',
      { spec: { job: { state: 'running' } }, status: { jobManagerDeploymentStatus: 'ERROR' } },
      ['http://orders-rest.x.svc:8081'],
    ],
  ];
  it.each(table)('%s', (_what, more, urls) => {
    expect(found([], [deployment(more)])).toEqual(urls);
  });

  it('and their service are one cluster', () => {
    expect(found([service('orders-rest', { labels: { component: 'jobmanager' } })], [deployment()])).toHaveLength(1);
  });

  it('from outside go through the API server', () => {
    const [place] = uniquePlaces([deployment({ spec: { flinkConfiguration } })], [], false);
    expect(place && urlOf(OUTSIDE_TEMPLATE, place, 'https://api')).toBe(
      'https://api/api/v1/namespaces/x/services/https:orders-rest:9081/proxy',
    );
  });
});

describe('what the API server sends', () => {
  it('one object that makes no sense does not hide the others', () => {
    const items = [{ metadata: {} }, 7, { metadata: { namespace: 'x', name: 'a' }, spec: null }];
    const page = decodePage(JSON.stringify({ metadata: { resourceVersion: '1' }, items }), serviceSchema);
    expect(page.ok && page.value.objects.map(({ name }) => name)).toEqual(['a']);
  });

  const object = { metadata: { namespace: 'x', name: 'a', resourceVersion: '9' } };
  it.each([
    [
      { type: 'ADDED', object },
      { type: 'set', resourceVersion: '9' },
    ],
    [
      { type: 'MODIFIED', object },
      { type: 'set', resourceVersion: '9' },
    ],
    [
      { type: 'DELETED', object },
      { type: 'gone', resourceVersion: '9' },
    ],
    [
      { type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } },
      { type: 'bookmark', resourceVersion: '9' },
    ],
    [
      { type: 'ADDED', object: { metadata: { resourceVersion: '9' } } },
      { type: 'bookmark', resourceVersion: '9' },
    ],
    [
      { type: 'ERROR', object: { code: 410, message: 'old' } },
      { type: 'error', code: 410, message: 'old' },
    ],
  ])('%j', (line, event) => {
    expect(decodeEvent(JSON.stringify(line), serviceSchema)).toMatchObject(event);
  });

  it.each(['', '{"type":"ADD', '[]', '{"type":"ADDED","object":{}}'])('%j says nothing', (line) => {
    expect(decodeEvent(line, serviceSchema)).toBeUndefined();
  });
});
