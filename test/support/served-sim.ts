import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createClusterCollector,
  createFlinkClientOver,
  createMemoryStore,
  type Clock,
  type RoundResult,
  type SeriesStore,
  type Transport,
} from '../../collector/index.js';
import { pageFileOf } from '../../analyzer/engine/rule-page.js';
import { inLanguage } from '../../analyzer/text.js';
import type { DiscoveryStatus } from '../../collector/index.js';
import type { ReadFailure } from '../../collector/model/index.js';
import { simTransport } from '../../cli/sim-transport.js';
import { weeklyReportsOf } from '../../cli/weekly/weekly-reports.js';
import { createApp } from '../../dashboard/server/app.js';
import { createOwnMetrics } from '../../dashboard/server/own-metrics.js';
import { createWatch, type Watch } from '../../dashboard/server/watch/watch.js';
import { pricedAdvice } from '../../cli/priced-advice.js';
import type { Prices } from '../../reports/cost.js';
import { RULES } from '../../rules/index.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';
import { ClusterSim } from '../../sim/model/cluster-sim.js';
import type { JobSpec } from '../../sim/model/spec.js';
import { createRouter } from '../../sim/rest/router.js';
import { temporaryDir } from './service.js';

export const BEAT_MS = 10_000;
/** Beats after which every fault of the demo has opened as a finding. */
export const SETTLED_BEATS = 30;
const BEGIN_MS = Date.UTC(2026, 0, 5, 9);
const RUN_MS = 1_200_000;

export interface ServedSimOptions {
  readonly specs?: readonly JobSpec[];
  /** What the sources of clusters say of themselves. */
  readonly discoveries?: readonly DiscoveryStatus[];
  readonly token?: string;
  readonly basePath?: string;
  /** Rewrites every body on its way, as text: names that no simulation would choose. */
  readonly rewrite?: (json: string) => string;
  readonly webDir?: string;
  /** The cluster fails so from the first round on. */
  readonly failure?: ReadFailure;
  /** Called before each analysis with the job's name; what it throws is a bug in that analysis. */
  readonly analysis?: (jobName: string) => void;
  /** Stands between the collector and the cluster, and sees every answer. */
  readonly through?: (flink: Transport) => Transport;
  /** Called after each round, before it is judged. */
  readonly onRound?: (result: RoundResult) => void;
  readonly prices?: Prices;
  /** Goes on where this one is: its time, its store. It is ended first. */
  readonly after?: ServedSim;
}

/** The service's app on an ephemeral port of the loopback, over a simulated cluster and a clock of its own. */
export interface ServedSim {
  readonly url: string;
  readonly watch: Watch;
  readonly bugs: readonly Error[];
  readonly store: SeriesStore;
  nowMs(): number;
  /** Lets that many rounds pass, one every ten seconds of the clock. */
  beats(count: number): Promise<void>;
  /** Time passes, and nobody reads: the machine that Weir runs on stood still. */
  standStill(ms: number): void;
  /** From the next round on the cluster answers with this failure; without one it is back. */
  fail(failure?: ReadFailure): void;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  json<T>(path: string, headers?: Readonly<Record<string, string>>): Promise<T>;
  /** Sends a body: as JSON, or as it is when it is a text. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Ends all but the store. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

export async function serveSimulated(options: ServedSimOptions = {}): Promise<ServedSim> {
  const { specs = DEMO_JOBS, basePath = '/', rewrite = (json) => json } = options;
  const dir = temporaryDir();
  const ruleDocsDir = join(dir.path, 'rules');
  mkdirSync(join(ruleDocsDir, 'zh-CN'), { recursive: true });
  for (const { id, title } of RULES)
    for (const language of ['en', 'zh-CN'] as const)
      writeFileSync(join(ruleDocsDir, pageFileOf(id, language)), `# ${id}: ${inLanguage(title, language)}\n`);

  await options.after?.pause();
  let nowMs = (options.after?.nowMs() ?? BEGIN_MS + RUN_MS - BEAT_MS) + BEAT_MS;
  let { failure } = options;
  let wake: () => void = () => undefined;
  const clock: Clock = {
    nowMs: () => nowMs,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        wake = () => {
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        signal?.addEventListener('abort', wake);
      }),
  };
  const sim = new ClusterSim(specs, BEGIN_MS);
  const route = createRouter(sim);
  const inProcess = simTransport(
    (path) => {
      sim.advanceTo(nowMs);
      return route(path);
    },
    () => nowMs,
  );
  const bugs: Error[] = [];
  const onBug = (error: Error): void => void bugs.push(error);
  const store = options.after?.store ?? createMemoryStore();
  let watch: Watch | undefined = undefined as Watch | undefined;
  const metrics = createOwnMetrics(
    () => watch,
    () => store,
    () => nowMs,
  );
  const flink: Transport = {
    ...inProcess,
    async read(endpoint, path) {
      if (failure !== undefined) return { ok: false, failure, atMs: nowMs };
      const reading = await inProcess.read(endpoint, path);
      return reading.ok ? { ...reading, value: rewrite(reading.value) } : reading;
    },
  };
  const collector = createClusterCollector({
    name: 'sim',
    client: createFlinkClientOver(options.through?.(flink) ?? flink),
    clock,
    simulated: true,
    observer: metrics.observer,
    onBug,
  });
  if (options.onRound !== undefined) collector.onRound(options.onRound);
  const priced = options.prices === undefined ? {} : { priceOf: pricedAdvice(options.prices) };
  watch = createWatch({
    ...priced,
    clusters: [{ collector, simulated: true }],
    store,
    analysis(_cluster, jobName) {
      options.analysis?.(jobName);
      return { rules: RULES, settings: {}, disabled: [] };
    },
    nowMs: () => nowMs,
    judgesAll: true,
    onAnalysis: metrics.observeAnalysis,
    onBug,
  });
  const running = watch;
  const app = createApp({
    context: {
      ...priced,
      watch,
      discoveries: () => options.discoveries ?? [],
      store,
      rules: RULES,
      metrics,
      weeklyReports: weeklyReportsOf({ store, nowMs: () => nowMs }),
      nowMs: () => nowMs,
      version: '0.0.0-test',
      startedMs: nowMs,
      demo: true,
      intervalMs: BEAT_MS,
      ruleDocsDir,
    },
    webDir: options.webDir ?? join(dir.path, 'web'),
    token: options.token,
    basePath,
    onBug,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // A TCP server that listens has an AddressInfo.
  const url = `http://127.0.0.1:${port}`;

  const nextRound = (): Promise<void> =>
    new Promise((resolve) => {
      const end = running.onChange(() => {
        end();
        resolve();
      });
    });
  const first = nextRound();
  await watch.start();
  await first;

  async function pause(): Promise<void> {
    await running.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  const get: ServedSim['get'] = (path, headers = {}) => fetch(`${url}${path}`, { headers });
  return {
    url,
    watch,
    bugs,
    store,
    pause,
    nowMs: () => nowMs,
    standStill(ms) {
      nowMs += ms;
    },
    async beats(count) {
      for (let beat = 0; beat < count; beat += 1) {
        // The loop goes to sleep a turn after it has told of its round.
        await new Promise((resolve) => setImmediate(resolve));
        nowMs += BEAT_MS;
        const round = nextRound();
        wake();
        await round;
      }
    },
    fail(next) {
      failure = next;
    },
    get,
    post: (path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async json<T>(path: string, headers?: Readonly<Record<string, string>>) {
      return (await (await get(path, headers)).json()) as T; // The test names the wire type that the route answers with.
    },
    async close() {
      await pause();
      await store.close();
      dir.remove();
    },
  };
}
