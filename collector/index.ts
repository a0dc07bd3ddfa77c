/** The collector's public surface: what Weir reads from Flink clusters and keeps. The vocabulary is in `model/`. */
export { systemClock, type Clock } from './clock.js';
export { createClusterCollector } from './cluster-collector.js';
export type * from './collector-types.js';
export type {
  ClusterAccess,
  DiscoveredCluster,
  Discovery,
  DiscoveryStatus,
  PrometheusServer,
} from './discovery/discovery.js';
export { createFileDiscovery, type ParseClusters } from './discovery/files/files.js';
export { createFixedDiscovery } from './discovery/fixed.js';
export { isOfShard, ofShard, type Shard } from './discovery/shard.js';
export { followClusters, type Following } from './discovery/follow.js';
export { createKubernetesDiscovery, type KubernetesOptions } from './discovery/kubernetes/kubernetes.js';
export { createYarnDiscovery, type YarnOptions } from './discovery/yarn/yarn.js';
export { createHistoryServerTransport } from './flink/history-server.js';
export { ARCHIVED_JOB_KEPT_MS, HISTORY_SERVER_INTERVAL_MS } from './limits.js';
export { capabilitiesOf, isAtLeast, parseFlinkVersion, type Capabilities } from './flink/capabilities.js';
export {
  createFlinkClient,
  createFlinkClientOver,
  type FlinkAuth,
  type FlinkClient,
  type FlinkClientOptions,
  type FlinkTls,
  type Transport,
} from './flink/client.js';
export { createTransport } from './flink/transport.js';
export { createMergedClient } from './prometheus/merged-client.js';
export { createQueriedReporters } from './prometheus/queried.js';
export { createReporters, type Reporters } from './prometheus/reporters.js';
export type { ReporterTargets } from './prometheus/targets.js';
export { proxyFromEnvironment, type ProxyChoice } from './http/proxy.js';
export { MASK, maskText, maskValue } from './flink/mask.js';
export { DEFAULT_INTERVAL_MS, DEFAULT_MAX_REQUESTS_PER_SECOND, HOT_WINDOW_MS } from './limits.js';
export { beatShare } from './plan/beat.js';
export type { CollectorObserver, RequestOutcome } from './observer.js';
export * from './record/index.js';
export { EMPTY_BATCH } from './store/empty-batch.js';
export * from './store/series-metrics.js';
export type * from './store/series-store.js';
export {
  openDuckDbStore,
  type DuckDbStore,
  type DuckDbStoreOptions,
  type StoreObserver,
} from './store/duckdb/duckdb-store.js';
export { openInfluxStore, StoreProbeError, type InfluxStoreOptions } from './store/influx/influx-store.js';
export { openVictoriaStore, type VictoriaStoreOptions } from './store/victoria/victoria-store.js';
export { StoreLockedError, StoreVersionError } from './store/duckdb/errors.js';
export { createMemoryStore, type MemoryStoreOptions } from './store/memory.js';
