import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  followClusters,
  ofShard,
  type ClusterCollector,
  type Discovery,
  type Following,
  type SeriesStore,
} from '../collector/index.js';
import { createApp } from '../dashboard/server/app.js';
import { createOwnMetrics, type OwnMetrics } from '../dashboard/server/own-metrics.js';
import { ShardBoard } from '../dashboard/server/watch/other-shards.js';
import { betweenPeers, throughStore, type ShardExchange } from '../dashboard/server/watch/shard-exchange.js';
import { SeasonBook, type SeasonalJob } from '../dashboard/server/watch/season-book.js';
import { createWatch, type Watch } from '../dashboard/server/watch/watch.js';
import { RULES } from '../rules/index.js';
import { COUNTED } from '../alerts/notify/courier.js';
import { checkAlertSecrets, startAlerting } from './alerting.js';
import { analysisOptions } from './analysis-options.js';
import { collect } from './access-flags.js';
import { clusterFromUrl, readSecret } from './clusters.js';
import type { ClusterConfig, Config } from './config/schema.js';
import { loadConfig, UsageError } from './config/load.js';
import { createDemoCluster, DEMO_DATA_DIR } from './demo-cluster.js';
import { discoveriesOf, logDiscovery, looksForClusters } from './discoveries.js';
import { createLog } from './log.js';
import { openStore } from './open-store.js';
import { createRecordings, type Recordings } from './recordings.js';
import { serviceReports } from './weekly/service-reports.js';
import { pricedAdvice } from './priced-advice.js';
import { pricesOf } from './weekly/prices.js';
import { PACKAGE_DIR, VERSION } from './version.js';
import type { Logger } from 'pino';

interface ServeFlags {
  readonly config?: string;
  readonly flink: readonly string[];
  readonly listen?: string;
  readonly data?: string;
  readonly insecure?: boolean;
}

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('watch clusters and serve the dashboard, the API and /metrics (without a cluster: the demo)')
    .option('--config <file>', 'configuration file (default ./weir.yaml if it is there)')
    .option('--flink <url>', 'a Flink cluster to watch (repeat for more)', collect, [])
    .option('--listen <host:port>', 'address to listen on (default 127.0.0.1:8080)')
    .option('--data <dir>', 'where history is kept (default ./weir-data)')
    .option('--insecure', 'listen beyond this machine without a token')
    .action(async (flags: ServeFlags) => {
      await serve(flags);
    });
}

/** Hosts that only this machine can reach. */
const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;

async function serve(flags: ServeFlags): Promise<void> {
  const config = loadConfig({ file: flags.config, env: process.env, flags: flagValues(flags), rules: RULES });
  checkAlertSecrets(config.alerts, process.env);
  const { host, port } = addressOf(config.server.listen);
  const token = tokenOf(config);
  if (!LOOPBACK.test(host) && token === undefined && !config.server.insecure) {
    throw new UsageError([
      `server.listen ${config.server.listen}: an address beyond this machine needs a token (WEIR_TOKEN or server.tokenFile), or --insecure if a proxy in front asks for one`,
    ]);
  }
  const clusters = [...config.clusters, ...namedClusters(flags.flink, config.clusters)];
  const demo = clusters.length === 0 && !looksForClusters(config.discovery);
  const discoveries = discoveriesOf(clusters, config.discovery).map((source) => ofShard(source, config.shard));
  const log = createLog(process.env);
  const store = await openStore(storeOf(config, demo && flags.data === undefined), (line) => log.warn(line));
  const startedMs = Date.now();
  const onBug = (error: Error): void => log.error({ err: error }, 'a bug in Weir');

  // Metrics describe the watch, and the watch counts into the metrics: the one reads the other only when asked.
  let watch: Watch | undefined = undefined as Watch | undefined;
  const metrics = createOwnMetrics(
    () => watch,
    () => store,
    () => Date.now(),
  );
  const hooks = { observer: metrics.observer, onBug };
  const demoCluster = demo ? createDemoCluster(hooks, config.collect) : undefined;
  const nowMs = demoCluster?.nowMs ?? ((): number => Date.now());
  const seasons = new SeasonBook({
    store,
    jobs: () => seasonalJobs(watch),
    nowMs,
    onFailure: (error) => log.warn({ err: error }, 'the store did not tell what is usual for a job'),
  });
  const prices = pricesOf(config.cost);
  const priced = prices === undefined ? {} : { priceOf: pricedAdvice(prices) };
  watch = createWatch({
    ...priced,
    seasons: (cluster, jobName) => seasons.of(cluster, jobName),
    clusters: demoCluster === undefined ? [] : [{ collector: demoCluster.collector, simulated: true }],
    store,
    analysis: analysisOptions(RULES, config.rules),
    nowMs,
    onAnalysis: metrics.observeAnalysis,
    onBug,
  });
  const running = watch;
  if (demoCluster !== undefined) logReachability(demoCluster.collector, log);
  const recordings = createRecordings({ store: config.store, collect: config.collect, hooks, log });
  const owners = new Map<string, string>();
  const following = follow({ discoveries, watch: running, metrics, recordings, owners, onBug, log });
  const count = metrics.countNotification;
  const channels = demo ? [] : config.alerts.channels.map(({ name }) => name);
  metrics.countFromZero(channels, COUNTED);
  // Nobody is woken for a fault that is only simulated.
  const stopAlerting = demo
    ? undefined
    : startAlerting({ config, watch: running, owners, count, onBug, log, env: process.env });

  const exchange = exchangeOf(config, store, token, log);
  const board =
    exchange === undefined
      ? undefined
      : new ShardBoard({ exchange, watch: running, shard: config.shard.index, nowMs, onBug });

  const { weeklyReports, schedule } = serviceReports({ config, store, demo, discoveries, nowMs, onBug, log });
  const app = createApp({
    context: {
      ...priced,
      ...(board === undefined ? {} : { others: board }),
      watch,
      discoveries: () => discoveries.map((discovery) => discovery.status()),
      store,
      rules: RULES,
      metrics,
      weeklyReports,
      nowMs,
      version: VERSION,
      startedMs,
      demo,
      intervalMs: config.collect.interval,
      ruleDocsDir: join(PACKAGE_DIR, 'docs', 'rules'),
    },
    webDir: join(PACKAGE_DIR, 'dist', 'web'),
    token,
    basePath: config.server.basePath,
    onBug,
  });
  const server = createServer(app);
  await listen(server, host, port, config.server.listen);
  following.start();
  await watch.start(demoCluster === undefined ? undefined : () => demoCluster.backfill());
  board?.start();
  seasons.start();
  schedule?.start();
  const timer = setInterval(() => void store.dropBefore(Date.now() - config.store.retention.raw), 3_600_000);
  const address = `http://${host}:${addressPort(server, port)}${config.server.basePath}`;
  process.stderr.write(
    demo
      ? `Weir watches a simulated demo cluster (no cluster was named; use --flink http://jobmanager:8081).\nOpen ${address}\n`
      : `${watchedInWords(running, discoveries)}\nOpen ${address}\n`,
  );
  onceStopped(async () => {
    clearInterval(timer);
    seasons.stop();
    server.closeAllConnections();
    server.close();
    await following.stop();
    await schedule?.stop();
    await running.stop();
    await stopAlerting?.();
    await recordings.endAll();
    await board?.stop();
    await store.close();
  }, log);
}

/** The running jobs, as their kept weeks are looked up. */
function seasonalJobs(watch: Watch | undefined): readonly SeasonalJob[] {
  return (watch?.reports() ?? []).map(({ cluster, jobName, history, signals: { job } }) => ({
    cluster,
    jobName,
    vertices: history.vertices.map(({ vertexId }) => ({ vertexId, isSource: job.topology.isSource(vertexId) })),
  }));
}

/** Records of VictoriaMetrics' processes stay with each; only InfluxDB has a place for what they tell each other. */
function exchangeOf(
  { shard, store: { kind } }: Config,
  store: SeriesStore,
  token: string | undefined,
  log: Logger,
): ShardExchange | undefined {
  if (shard.count === 1) return undefined;
  if (kind === 'influx') return throughStore(store);
  if (shard.peers.length === 0) return undefined;
  return betweenPeers({
    peers: shard.peers,
    store,
    ...(token === undefined ? {} : { token }),
    onChange: (peer, problem) =>
      problem === undefined
        ? log.info({ peer }, 'the other process answers')
        : log.warn({ peer, problem }, 'another process of this fleet does not answer'),
  });
}

interface FollowParts {
  readonly discoveries: readonly Discovery[];
  readonly watch: Watch;
  readonly metrics: OwnMetrics;
  readonly recordings: Recordings;
  /** Filled with who owns each cluster. */
  readonly owners: Map<string, string>;
  readonly onBug: (error: Error) => void;
  readonly log: Logger;
}

/** Clusters come and go while the service runs. */
function follow({ discoveries, watch, metrics, recordings, owners, onBug, log }: FollowParts): Following {
  for (const discovery of discoveries) logDiscovery(discovery, log);
  return followClusters({
    discoveries,
    put(cluster) {
      if (cluster.owner === undefined) owners.delete(cluster.name);
      else owners.set(cluster.name, cluster.owner);
      const { collector, record } = recordings.collectorFor(cluster);
      logReachability(collector, log);
      watch.put({ collector, simulated: false });
      // After the watch, whose verdict must not wait for a file.
      record();
    },
    remove(name) {
      log.info({ cluster: name }, 'the cluster is gone');
      watch.remove(name).then(() => metrics.forget(name), onBug);
      recordings.end(name).catch(onBug);
    },
    onConflict: (name, kept, ignored) =>
      log.warn({ cluster: name }, `the cluster is named by ${kept} and by ${ignored}; that of ${kept} is watched`),
  });
}

function watchedInWords(watch: Watch, discoveries: readonly Discovery[]): string {
  const watched = `Weir watches ${watch.statuses().length} cluster(s)`;
  const [, ...looking] = discoveries.map(({ source }) => source);
  return looking.length === 0 ? `${watched}.` : `${watched} and looks for more: ${looking.join(', ')}.`;
}

function flagValues({ listen: address, data, insecure }: ServeFlags): Record<string, unknown> {
  return {
    ...(address === undefined && insecure === undefined
      ? {}
      : {
          server: {
            ...(address === undefined ? {} : { listen: address }),
            ...(insecure === undefined ? {} : { insecure }),
          },
        }),
    ...(data === undefined ? {} : { store: { dir: data } }),
  };
}

function namedClusters(urls: readonly string[], configured: readonly ClusterConfig[]): ClusterConfig[] {
  const taken = new Set(configured.map(({ name }) => name));
  return urls.map((url) => {
    const cluster = clusterFromUrl(url, taken);
    taken.add(cluster.name);
    return cluster;
  });
}

/** Simulated history is never mixed with real history. */
function storeOf({ store }: Config, demoData: boolean): Config['store'] {
  if (!demoData) return store;
  return { ...store, kind: store.kind === 'memory' ? 'memory' : 'duckdb', dir: DEMO_DATA_DIR };
}

function tokenOf(config: Config): string | undefined {
  const { tokenFile } = config.server;
  const token = tokenFile === undefined ? process.env.WEIR_TOKEN : readSecret(tokenFile);
  return token === undefined || token === '' ? undefined : token;
}

function addressOf(value: string): { host: string; port: number } {
  const colon = value.lastIndexOf(':');
  return { host: value.slice(0, colon), port: Number(value.slice(colon + 1)) };
}

function listen(server: Server, host: string, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new UsageError([`server.listen ${address}: another program listens there; choose another with --listen`])
          : error,
      );
    });
    server.listen(port, host.replace(/^\[|\]$/g, ''), resolve);
  });
}

function addressPort(server: Server, asked: number): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : asked;
}

/** Says once when a cluster is lost and when it is back. */
function logReachability(collector: ClusterCollector, log: Logger): void {
  let reachable: boolean | undefined;
  collector.onRound(({ cluster, ok, failure }) => {
    if (ok === reachable) return;
    reachable = ok;
    if (ok) log.info({ cluster }, 'the cluster answers');
    else log.warn({ cluster, kind: failure?.kind }, failure?.message ?? 'the cluster cannot be read');
  });
}

/** Ends in order on the first signal, at once on the second. */
function onceStopped(stop: () => Promise<void>, log: Logger): void {
  let stopping = false;
  const end = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}
