import { readFileSync } from 'node:fs';
import {
  createClusterCollector,
  createFlinkClientOver,
  createTransport,
  proxyFromEnvironment,
  type ClusterCollector,
  type CollectorObserver,
  type FlinkClientOptions,
  type Transport,
} from '../collector/index.js';
import type { ClusterConfig, Config } from './config/schema.js';
import { UsageError } from './config/load.js';

/** How to reach one cluster, as flags or configuration say it. Files are named, not yet read. */
export type Access = Pick<ClusterConfig, 'auth' | 'tls' | 'proxy'>;

export interface CollectorHooks {
  readonly observer?: CollectorObserver;
  readonly onBug: (error: Error) => void;
  /** Stands between the collector and the cluster, and sees every answer. */
  readonly through?: (live: Transport) => Transport;
}

export function collectorFor(
  cluster: ClusterConfig,
  collect: Config['collect'],
  hooks: CollectorHooks,
): ClusterCollector {
  checkFiles(cluster);
  const live = createTransport(clientOptions(cluster, collect.timeout, hooks.observer));
  return createClusterCollector({
    name: cluster.name,
    client: createFlinkClientOver(hooks.through?.(live) ?? live),
    intervalMs: collect.interval,
    maxRequestsPerSecond: collect.maxRequestsPerSecond,
    onBug: hooks.onBug,
    ...(hooks.observer === undefined ? {} : { observer: hooks.observer }),
  });
}

function clientOptions(
  cluster: ClusterConfig,
  timeoutMs: number,
  observer: CollectorObserver | undefined,
): FlinkClientOptions {
  return {
    name: cluster.name,
    urls: typeof cluster.url === 'string' ? [cluster.url] : cluster.url,
    timeoutMs,
    ...accessOptions(cluster),
    ...(observer === undefined ? {} : { observer }),
  };
}

/** How the client gets past logins, TLS and proxies. Files are only named: the client reads them, again and again. */
export function accessOptions({ auth, tls, proxy }: Access): Pick<FlinkClientOptions, 'auth' | 'tls' | 'proxy'> {
  return {
    proxy: proxy === undefined ? proxyFromEnvironment(process.env) : () => (proxy === 'none' ? undefined : proxy),
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

/** A file that is missing from the start is a mistake to tell at once, not a cluster that cannot be reached. */
export function checkFiles({ auth, tls }: Access): void {
  const files = [auth?.basic?.passwordFile, tls?.ca, tls?.cert, tls?.key];
  for (const file of files) if (file !== undefined) readText(file);
}

/** A secret's file: its first line without the line end. */
export function readSecret(file: string): string {
  return readText(file).split(/\r?\n/, 1)[0] ?? '';
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError([`${file}: cannot be read; give the path of a file that this user may read`]);
  }
}

/** Clusters named on the command line with --flink: called by their host and port, which is what people know them by. */
export function clusterFromUrl(url: string, taken: ReadonlySet<string>): ClusterConfig {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new UsageError([`--flink ${url}: not a URL; write it as http://jobmanager:8081`]);
  }
  if (!/^https?:$/.test(parsed.protocol)) throw new UsageError([`--flink ${url}: must begin with http:// or https://`]);
  const base = parsed.host.replace(/[^\w.-]/g, '-');
  const name = taken.has(base) ? `${base}-${taken.size + 1}` : base;
  return { name, url };
}
