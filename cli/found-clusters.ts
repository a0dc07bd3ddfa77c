import {
  ARCHIVED_JOB_KEPT_MS,
  createClusterCollector,
  createFlinkClientOver,
  createHistoryServerTransport,
  createMergedClient,
  createQueriedReporters,
  createReporters,
  createTransport,
  HISTORY_SERVER_INTERVAL_MS,
  proxyFromEnvironment,
  type ClusterAccess,
  type ClusterCollector,
  type DiscoveredCluster,
  type FlinkClientOptions,
  type PrometheusServer,
  type ProxyChoice,
  type Reporters,
  type ReporterTargets,
} from '../collector/index.js';
import type { Access, CollectorHooks } from './clusters.js';
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
    ...(cluster.reporters === undefined ? {} : { reporters: targetsOf(cluster.reporters) }),
    ...(cluster.prometheus === undefined ? {} : { prometheus: serverOf(cluster.prometheus) }),
  };
}

const targetsOf = (reporters: NonNullable<ClusterConfig['reporters']>): ReporterTargets =>
  'dns' in reporters ? reporters : { urls: reporters };

function serverOf({ url, match, ...access }: NonNullable<ClusterConfig['prometheus']>): PrometheusServer {
  const past = accessOf(access);
  return { url, match, ...(past === undefined ? {} : { access: past }) };
}

/** How to get past logins, TLS and proxies. Files are only named: the client reads them, again and again. */
export function accessOf({ auth, tls, proxy }: Access): ClusterAccess | undefined {
  if (auth === undefined && tls === undefined && proxy === undefined) return undefined;
  return {
    ...(proxy === undefined ? {} : { proxy }),
    ...(auth === undefined
      ? {}
      : {
          auth: {
            ...(auth.bearerTokenFile === undefined ? {} : { bearerTokenFile: auth.bearerTokenFile }),
            ...(auth.basic === undefined ? {} : { basic: auth.basic }),
            ...(auth.headers === undefined ? {} : { headers: auth.headers }),
          },
        }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.ca === undefined ? {} : { caFile: tls.ca }),
            ...(tls.cert === undefined ? {} : { certFile: tls.cert }),
            ...(tls.key === undefined ? {} : { keyFile: tls.key }),
            ...(tls.servername === undefined ? {} : { servername: tls.servername }),
          },
        }),
  };
}

/** The proxy that is named, none when that is said, else what the environment says. */
export function proxyChoice(proxy: string | undefined): ProxyChoice {
  if (proxy === undefined) return proxyFromEnvironment(process.env);
  return () => (proxy === 'none' ? undefined : proxy);
}

/** The collector of a cluster that a source has found. */
export function collectorForFound(
  found: DiscoveredCluster,
  collect: Config['collect'],
  hooks: CollectorHooks,
): ClusterCollector {
  const { name, urls, kind, access = {} } = found;
  const { auth, tls, proxy } = access;
  const options: FlinkClientOptions = {
    name,
    urls,
    timeoutMs: collect.timeout,
    proxy: proxyChoice(proxy),
    ...(auth === undefined ? {} : { auth }),
    ...(tls === undefined ? {} : { tls }),
    ...(hooks.observer === undefined ? {} : { observer: hooks.observer }),
  };
  const isHistory = kind === 'history-server';
  const live = isHistory ? createHistoryServerTransport(options) : createTransport(options);
  const transport = hooks.through?.(live) ?? live;
  const reporters = hooks.through === undefined ? reportersOf(found, collect, hooks) : undefined;
  return createClusterCollector({
    name,
    client: reporters === undefined ? createFlinkClientOver(transport) : createMergedClient(transport, reporters),
    ...(reporters === undefined ? {} : { reporters }),
    intervalMs: isHistory ? Math.max(collect.interval, HISTORY_SERVER_INTERVAL_MS) : collect.interval,
    maxRequestsPerSecond: collect.maxRequestsPerSecond,
    onBug: hooks.onBug,
    ...(isHistory ? { endedKeptMs: ARCHIVED_JOB_KEPT_MS } : {}),
    ...(hooks.observer === undefined ? {} : { observer: hooks.observer }),
  });
}

/** None for a recording (`through`): a bundle holds REST's answers, and must tell all that the diagnosis saw. */
function reportersOf(
  { name, access, reporters, prometheus }: DiscoveredCluster,
  { interval }: Config['collect'],
  { observer }: CollectorHooks,
): Reporters | undefined {
  const common = { name, intervalMs: interval, ...(observer === undefined ? {} : { observer }) };
  if (reporters !== undefined)
    return createReporters({ ...common, targets: reporters, proxy: proxyChoice(access?.proxy) });
  if (prometheus === undefined) return undefined;
  const { url, match, access: past = {} } = prometheus;
  return createQueriedReporters({
    ...common,
    url,
    match,
    proxy: proxyChoice(past.proxy),
    ...(past.auth === undefined ? {} : { auth: past.auth }),
    ...(past.tls === undefined ? {} : { tls: past.tls }),
  });
}
