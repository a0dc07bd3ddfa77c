import type { FlinkDeployment, KubernetesObject, Service } from './objects.decode.js';

/** Where a Flink cluster's REST is within Kubernetes. */
export interface RestPlace {
  readonly namespace: string;
  /** The cluster's name within the namespace. */
  readonly name: string;
  readonly service: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly labels: Readonly<Record<string, string>>;
}

const REST_PORT = 8081;
/** The operator and Flink's native mode name the service so. */
const REST_SUFFIX = '-rest';

export function placeOfDeployment(deployment: FlinkDeployment): RestPlace | undefined {
  if (deployment.isSuspended) return undefined;
  const { namespace, name, labels, hasTls, restPort = REST_PORT } = deployment;
  return { namespace, name, labels, service: name + REST_SUFFIX, port: restPort, scheme: hasTls ? 'https' : 'http' };
}

/**
 * The REST of a service, if it is a JobManager's: it has a port named `rest` or 8081, and its labels, selector or name say
 * that it belongs to Flink. With a selector of the user's own the port is enough.
 */
export function placeOfService(service: Service, isChosen: boolean): RestPlace | undefined {
  const { namespace, name, labels, ports } = service;
  const port =
    ports.find((candidate) => candidate.name === 'rest') ?? ports.find((candidate) => candidate.port === REST_PORT);
  if (port === undefined || !(isChosen || isFlink(service))) return undefined;
  const scheme = port.name?.includes('https') === true ? 'https' : 'http';
  return { namespace, name: name.replace(/-rest$/, ''), labels, service: name, port: port.port, scheme };
}

function isFlink({ name, labels, selector }: Service): boolean {
  const marks = { ...labels, ...selector };
  return (
    marks['component'] === 'jobmanager' ||
    marks['app.kubernetes.io/component'] === 'jobmanager' ||
    marks['type'] === 'flink-native-kubernetes' ||
    [name, marks['app'], marks['app.kubernetes.io/name']].some((text) => /flink|jobmanager/.test(text ?? ''))
  );
}

/** Each cluster once: a deployment wins over its service, and of several services for the same pods the shortest name. */
export function uniquePlaces(
  deployments: readonly FlinkDeployment[],
  services: readonly Service[],
  isChosen: boolean,
): readonly RestPlace[] {
  const byName = new Map<string, RestPlace>();
  const suspended = new Set(deployments.filter(({ isSuspended }) => isSuspended).map(nameOf));
  for (const deployment of deployments) {
    const place = placeOfDeployment(deployment);
    if (place !== undefined) byName.set(nameOf(place), place);
  }
  const seenPods = new Set<string>();
  for (const service of [...services].sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1))) {
    const place = placeOfService(service, isChosen);
    if (place === undefined || byName.has(nameOf(place)) || suspended.has(nameOf(place))) continue;
    const pods = podsOf(service);
    if (pods !== undefined && seenPods.has(pods)) continue;
    if (pods !== undefined) seenPods.add(pods);
    byName.set(nameOf(place), place);
  }
  return [...byName.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** `namespace/name`, the cluster's name in Weir. */
export const nameOf = ({ namespace, name }: Pick<KubernetesObject, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

function podsOf({ namespace, selector }: Service): string | undefined {
  const pairs = Object.entries(selector).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? undefined : JSON.stringify([namespace, pairs]);
}

/** By name, for a Weir that runs in this Kubernetes. */
export const INSIDE_TEMPLATE = '{scheme}://{service}.{namespace}.svc:{port}';
/** Through the API server's proxy, for one that runs elsewhere. */
export const OUTSIDE_TEMPLATE = '{apiServer}/api/v1/namespaces/{namespace}/services/{scheme}:{service}:{port}/proxy';

export function urlOf(template: string, place: RestPlace, apiServer: string): string {
  const values: Readonly<Record<string, string>> = {
    apiServer,
    scheme: place.scheme,
    namespace: place.namespace,
    name: place.name,
    service: place.service,
    port: String(place.port),
  };
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}
