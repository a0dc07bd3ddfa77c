import type { FlinkAuth, FlinkTls } from '../flink/client.js';
import type { ReadFailure } from '../model/index.js';
import type { ReporterTargets } from '../prometheus/targets.js';

/** How to get past logins, TLS and proxies to a cluster. */
export interface ClusterAccess {
  readonly auth?: FlinkAuth;
  readonly tls?: FlinkTls;
  /** An HTTP proxy's URL, or `none`; missing: as the environment says. */
  readonly proxy?: string;
}

/** A cluster as a source of clusters knows it. */
export interface DiscoveredCluster {
  /** Unique among all sources; with the job's name it is the job's identity, so it must not change between restarts. */
  readonly name: string;
  /** At least one; several for one cluster with JobManager HA. */
  readonly urls: readonly string[];
  /** The `source` of the discovery that found it. */
  readonly source: string;
  /** Missing: a cluster that runs. A History Server tells of jobs that have ended. */
  readonly kind?: 'history-server';
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: string;
  readonly access?: ClusterAccess;
  /** Where the Prometheus reporters of its processes answer. */
  readonly reporters?: ReporterTargets;
  /** Or the server that scrapes them. */
  readonly prometheus?: PrometheusServer;
}

/** A server with the query API of Prometheus, and the labels that the series of a cluster have there. */
export interface PrometheusServer {
  readonly url: string;
  readonly match: Readonly<Record<string, string>>;
  readonly access?: ClusterAccess;
}

export interface DiscoveryStatus {
  readonly source: string;
  /** Clusters known now: those of the last answer while there is a failure. */
  readonly clusters: number;
  /** Why the source cannot be read, while it cannot. */
  readonly failure?: ReadFailure;
  readonly lastReadMs?: number;
}

/**
 * A source of clusters. One that cannot be reached keeps its last set: clusters are never forgotten because the source is
 * down.
 */
export interface Discovery {
  /** What it is called in status and logs, such as `kubernetes` or `file clusters.yaml`. */
  readonly source: string;
  start(): void;
  stop(): Promise<void>;
  clusters(): readonly DiscoveredCluster[];
  status(): DiscoveryStatus;
  /** Called when the set or the failure is another than before. Returns the function that ends the subscription. */
  onChange(listener: () => void): () => void;
}
