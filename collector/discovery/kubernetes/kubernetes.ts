import { setMaxListeners } from 'node:events';
import { systemClock, type Clock } from '../../clock.js';
import type { ProxyChoice } from '../../http/proxy.js';
import type { ReadFailure } from '../../model/index.js';
import type { ClusterAccess, DiscoveredCluster, Discovery } from '../discovery.js';
import { KnownClusters } from '../known-clusters.js';
import { findApi, SURROUNDINGS, type ApiAccess, type ApiChoice, type Surroundings } from './api-access.js';
import { createKubernetesApi } from './api.js';
import { INSIDE_TEMPLATE, nameOf, OUTSIDE_TEMPLATE, uniquePlaces, urlOf } from './clusters.js';
import { flinkDeploymentSchema, serviceSchema, type FlinkDeployment, type Service } from './objects.decode.js';
import { ResourceWatch, type ResourceWatchOptions } from './resource-watch.js';

export interface KubernetesOptions extends ApiChoice {
  /** None: all, which needs a ClusterRole. */
  readonly namespaces: readonly string[];
  readonly labelSelector?: string;
  readonly flinkDeployments: boolean;
  readonly services: boolean;
  /** How a cluster is reached: `{scheme}`, `{service}`, `{namespace}`, `{name}`, `{port}`, `{apiServer}`. */
  readonly urlTemplate?: string;
  /** For the clusters that are found, when they are not reached through the API server. */
  readonly access?: ClusterAccess;
  readonly proxy?: ProxyChoice;
  readonly surroundings?: Surroundings;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly timeoutMs?: number;
}

const SOURCE = 'kubernetes';
/** The label that says whose a cluster is. */
const OWNER_LABEL = 'owner';

/** Flink clusters in Kubernetes: what the Flink operator deploys, and services that lead to a JobManager. */
export function createKubernetesDiscovery(options: KubernetesOptions): Discovery {
  const { namespaces, labelSelector, clock = systemClock, random = Math.random, surroundings = SURROUNDINGS } = options;
  const known = new KnownClusters(SOURCE);
  const stopped = new AbortController();
  // Each watch waits on it.
  setMaxListeners(0, stopped.signal);
  const api = createKubernetesApi({
    find: () => findApi(options, surroundings),
    clock,
    ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
  const common = {
    api,
    clock,
    random,
    onChange: update,
    ...(labelSelector === undefined ? {} : { labelSelector }),
  } satisfies Partial<ResourceWatchOptions<never>>;
  const places = namespaces.length === 0 ? [''] : namespaces.map((name) => `/namespaces/${encodeURIComponent(name)}`);
  const deployments = places.flatMap((place) =>
    options.flinkDeployments
      ? [
          new ResourceWatch<FlinkDeployment>({
            ...common,
            path: `/apis/flink.apache.org/v1beta1${place}/flinkdeployments`,
            schema: flinkDeploymentSchema,
            mayBeAbsent: true,
          }),
        ]
      : [],
  );
  const services = places.flatMap((place) =>
    options.services
      ? [
          new ResourceWatch<Service>({
            ...common,
            path: `/api/v1${place}/services`,
            schema: serviceSchema,
            mayBeAbsent: false,
          }),
        ]
      : [],
  );
  let running: Promise<unknown> | undefined;

  /** Before every collection was read once, what is missing may only be late: nothing is taken away by a restart of Weir. */
  function update(): void {
    const watches = [...deployments, ...services];
    const failed = watches.find((watch) => watch.failure !== undefined)?.failure;
    const access = api.access();
    if (access === undefined || !watches.some((watch) => watch.isListed)) {
      if (failed !== undefined) known.fail(explained(failed));
      return;
    }
    const found = uniquePlaces(
      deployments.flatMap((watch) => watch.objects),
      services.flatMap((watch) => watch.objects),
      labelSelector !== undefined,
    );
    const template = options.urlTemplate ?? (access.isInside ? INSIDE_TEMPLATE : OUTSIDE_TEMPLATE);
    const clusters = found.map((place): DiscoveredCluster => {
      const url = urlOf(template, place, access.server);
      const owner = place.labels[OWNER_LABEL];
      const reach = url.startsWith(`${access.server}/`) ? apiAsAccess(access) : options.access;
      return {
        name: nameOf(place),
        urls: [url],
        source: SOURCE,
        labels: place.labels,
        ...(owner === undefined ? {} : { owner }),
        ...(reach === undefined ? {} : { access: reach }),
      };
    });
    known.set(clusters, clock.nowMs(), failed === undefined ? undefined : explained(failed));
  }

  return {
    source: SOURCE,
    start() {
      running ??= Promise.all([...deployments, ...services].map((watch) => watch.run(stopped.signal)));
    },
    async stop() {
      stopped.abort();
      await api.close();
      await running;
    },
    clusters: () => known.all,
    status: () => known.status(),
    onChange: (listener) => known.onChange(listener),
  };
}

/** Through the API server's proxy a cluster is reached with the login of the API server, which keeps it to itself. */
const apiAsAccess = ({ auth, tls, proxy }: ApiAccess): ClusterAccess => ({
  auth,
  tls,
  ...(proxy === undefined ? {} : { proxy }),
});

/** What to do about a refusal, which is nearly always a missing role. */
function explained(failure: ReadFailure): ReadFailure {
  if (failure.status !== 403) return failure;
  const advice =
    'Let its role list and watch services and flinkdeployments, or set discovery.kubernetes.namespaces, services or flinkDeployments';
  return { ...failure, message: `${failure.message} ${advice}.` };
}
