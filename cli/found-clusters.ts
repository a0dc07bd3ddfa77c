import {
  ARCHIVED_JOB_KEPT_MS,
  createClusterCollector,
  createFlinkClient,
  createFlinkClientOver,
  createHistoryServerTransport,
  HISTORY_SERVER_INTERVAL_MS,
  type ClusterAccess,
  type ClusterCollector,
  type DiscoveredCluster,
  type FlinkClientOptions,
  type ProxyChoice,
} from '../collector/index.js';
import { accessOptions, type Access, type CollectorHooks } from './clusters.js';
import type { ClusterConfig, Config } from './config/schema.js';

/** A cluster as configuration or a file of clusters writes it, as a source of clusters tells of it. */
export function foundCluster(cluster: ClusterConfig, source: string): DiscoveredCluster {
  const access = accessOf(cluster);
  return {
    name: cluster.name,
    urls: typeof cluster.url === 'string' ? [cluster.url] : cluster.url,
    source,
    ...(cluster.kind === 'history-server' ? { kind: cluster.kind } : {}),
    ...(cluster.owner === undefined ? {} : { owner: cluster.owner }),
    ...(access === undefined ? {} : { access }),
  };
}

/** The same in data alone, so that two can be compared; undefined when nothing is said. */
export function accessOf(config: Access): ClusterAccess | undefined {
  const { auth, tls } = accessOptions(config);
  const { proxy } = config;
  if (auth === undefined && tls === undefined && proxy === undefined) return undefined;
  return {
    ...(auth === undefined ? {} : { auth }),
    ...(tls === undefined ? {} : { tls }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

/** The proxy that is named, none when that is said, else what the environment says. */
export function proxyChoice(proxy: string | undefined): ProxyChoice | undefined {
  return accessOptions(proxy === undefined ? {} : { proxy }).proxy;
}

/** The collector of a cluster that a source has found. */
export function collectorForFound(
  { name, urls, kind, access = {} }: DiscoveredCluster,
  collect: Config['collect'],
  hooks: CollectorHooks,
): ClusterCollector {
  const { auth, tls } = access;
  const proxy = proxyChoice(access.proxy);
  const options: FlinkClientOptions = {
    name,
    urls,
    timeoutMs: collect.timeout,
    ...(auth === undefined ? {} : { auth }),
    ...(tls === undefined ? {} : { tls }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(hooks.observer === undefined ? {} : { observer: hooks.observer }),
  };
  return createClusterCollector({
    name,
    ...(kind === 'history-server'
      ? {
          client: createFlinkClientOver(createHistoryServerTransport(options)),
          intervalMs: Math.max(collect.interval, HISTORY_SERVER_INTERVAL_MS),
          endedKeptMs: ARCHIVED_JOB_KEPT_MS,
        }
      : { client: createFlinkClient(options), intervalMs: collect.interval }),
    maxRequestsPerSecond: collect.maxRequestsPerSecond,
    onBug: hooks.onBug,
    ...(hooks.observer === undefined ? {} : { observer: hooks.observer }),
  });
}
