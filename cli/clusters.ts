import { readFileSync } from 'node:fs';
import type { ClusterCollector, CollectorObserver, Transport } from '../collector/index.js';
import type { ClusterConfig, Config } from './config/schema.js';
import { UsageError } from './config/load.js';
import { collectorForFound, foundCluster } from './found-clusters.js';

/** How to reach one cluster, as flags or configuration say it. Files are named, not yet read. */
export type Access = Pick<ClusterConfig, 'auth' | 'tls' | 'proxy'>;

export interface CollectorHooks {
  readonly observer?: CollectorObserver;
  readonly onBug: (error: Error) => void;
  /** Stands between the collector and the cluster, and sees every answer. */
  readonly through?: (live: Transport) => Transport;
}

/** The collector of a cluster that flags name. */
export function collectorFor(
  cluster: ClusterConfig,
  collect: Config['collect'],
  hooks: CollectorHooks,
): ClusterCollector {
  checkFiles(cluster);
  return collectorForFound(foundCluster(cluster, 'flags'), collect, hooks);
}

/** A file that is missing from the start is a mistake to tell at once, not a cluster that cannot be reached. */
export function checkFiles({ auth, tls, prometheus }: Access & Pick<ClusterConfig, 'prometheus'>): void {
  if (prometheus !== undefined) checkFiles({ auth: prometheus.auth, tls: prometheus.tls });
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
