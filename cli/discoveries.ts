import type { Logger } from 'pino';
import {
  createFileDiscovery,
  createFixedDiscovery,
  createKubernetesDiscovery,
  createYarnDiscovery,
  type ClusterAccess,
  type Discovery,
} from '../collector/index.js';
import { checkFiles, type Access } from './clusters.js';
import { parseClusterList } from './config/cluster-list.js';
import type { ClusterConfig, Config } from './config/schema.js';
import { accessOf, foundCluster, proxyChoice } from './found-clusters.js';

/** The source of the clusters that configuration and flags name themselves. */
const CONFIGURATION = 'configuration';

/** The sources of clusters: those named first, then what is looked for. The first one that names a cluster has it. */
export function discoveriesOf(
  clusters: readonly ClusterConfig[],
  { files, kubernetes, yarn }: Config['discovery'],
): readonly Discovery[] {
  clusters.forEach(checkFiles);
  return [
    createFixedDiscovery(
      CONFIGURATION,
      clusters.map((cluster) => foundCluster(cluster, CONFIGURATION)),
    ),
    ...files.map((path) => createFileDiscovery({ path, parse: parseClusterList })),
    ...(kubernetes === undefined ? [] : [kubernetesDiscovery(kubernetes)]),
    ...(yarn === undefined ? [] : [yarnDiscovery(yarn)]),
  ];
}

/** Whether clusters may come that nobody has named. */
export function looksForClusters({ files, kubernetes, yarn }: Config['discovery']): boolean {
  return files.length > 0 || kubernetes !== undefined || yarn !== undefined;
}

function kubernetesDiscovery(config: NonNullable<Config['discovery']['kubernetes']>): Discovery {
  const { namespaces, labelSelector, kubeconfig, context, apiServer, flinkDeployments, services, urlTemplate } = config;
  return createKubernetesDiscovery({
    namespaces,
    flinkDeployments,
    services,
    // The login of the API server is its own; its proxy is the environment's or the kubeconfig's.
    proxy: proxyChoice(undefined),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(apiServer === undefined ? {} : { apiServer }),
    ...(urlTemplate === undefined ? {} : { urlTemplate }),
    ...checkedAccess(config),
  });
}

function yarnDiscovery(config: NonNullable<Config['discovery']['yarn']>): Discovery {
  const { url, user, queue, applicationTypes, proxy } = config;
  return createYarnDiscovery({
    urls: typeof url === 'string' ? [url] : url,
    applicationTypes,
    proxy: proxyChoice(proxy),
    ...(user === undefined ? {} : { user }),
    ...(queue === undefined ? {} : { queue }),
    ...checkedAccess(config),
  });
}

function checkedAccess(config: Access): { readonly access?: ClusterAccess } {
  checkFiles(config);
  const access = accessOf(config);
  return access === undefined ? {} : { access };
}

/** Says when a source brings other clusters, is lost, and is back. */
export function logDiscovery(discovery: Discovery, log: Logger): void {
  let failure: string | undefined;
  let known = '';
  discovery.onChange(() => {
    const { source, clusters, failure: now } = discovery.status();
    if (now !== undefined && now.message !== failure) log.warn({ source, kind: now.kind }, now.message);
    if (now === undefined && failure !== undefined) log.info({ source }, 'the source of clusters answers');
    failure = now?.message;
    const names = discovery
      .clusters()
      .map(({ name }) => name)
      .sort()
      .join(', ');
    if (names !== known) log.info({ source, clusters }, `clusters of ${source}: ${names === '' ? 'none' : names}`);
    known = names;
  });
}
