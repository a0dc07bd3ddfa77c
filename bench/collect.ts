import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { createClusterCollector, createFlinkClient, openDuckDbStore } from '../collector/index.js';
import { createWatch } from '../dashboard/server/watch/watch.js';
import { quantile } from '../analyzer/numbers.js';
import { RULES } from '../rules/index.js';
import { rounded } from './measure.js';
import type { MockSpec } from './mock-jobmanager.js';

const MIB = 2 ** 20;
const OPTIONS = { rules: RULES, settings: {}, disabled: [] };

/** Watches mock JobManagers with everything on, as the service does; one line of figures. */
export async function collectBench(argv: readonly string[]): Promise<object> {
  const flags = flagsOf(argv);
  const mock = await startMock(flags.spec);
  const dir = mkdtempSync(join(tmpdir(), 'weir-bench-'));
  const store = await openDuckDbStore({ dir });
  const lagSeconds: number[] = [];
  const analysisMs: number[] = [];
  const rounds: { readonly cluster: string; readonly atMs: number }[] = [];
  let requests = 0;
  const watch = createWatch({
    clusters: mock.urls.map((url, i) => ({
      simulated: false,
      collector: createClusterCollector({
        name: `c${i}`,
        client: createFlinkClient({ name: `c${i}`, urls: [url], observer: { onRequest: () => (requests += 1) } }),
        intervalMs: flags.intervalMs,
        maxRequestsPerSecond: 2000,
        observer: { onLag: (_cluster, seconds) => lagSeconds.push(seconds) },
        onBug: (error) => process.stderr.write(`${error.stack}\n`),
      }),
    })),
    store,
    analysis: () => OPTIONS,
    nowMs: () => Date.now(),
    onAnalysis: (seconds) => analysisMs.push(seconds * 1000),
    onBug: (error) => process.stderr.write(`${error.stack}\n`),
  });
  watch.onChange(({ cluster, atMs }) => rounds.push({ cluster, atMs }));
  await watch.start();
  await delay(flags.warmUpMs);
  // From here on: what it costs once the first, fuller rounds are over.
  lagSeconds.length = analysisMs.length = rounds.length = 0;
  const [requestsBefore, cpuBefore, startedMs] = [requests, process.cpuUsage(), performance.now()];
  let rssMib = 0;
  let heapTotalMib = 0;
  let lateMs = 0;
  const untilMs = performance.now() + flags.measureMs;
  while (performance.now() < untilMs) {
    const askedMs = performance.now();
    await delay(100);
    lateMs = Math.max(lateMs, performance.now() - askedMs - 100);
    const { rss, heapTotal } = process.memoryUsage();
    if (rss / MIB > rssMib) [rssMib, heapTotalMib] = [rss / MIB, heapTotal / MIB];
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const seconds = (performance.now() - startedMs) / 1000;
  const cpuSeconds = (user + system) / 1e6;
  const jobs = flags.spec.clusters * flags.spec.jobs;
  const asked = requests - requestsBefore;
  // With --expose-gc: what is really held, beside what the collector has not yet cleared away.
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const health = store.health();
  const result = {
    bench: 'collect',
    work: `${flags.spec.clusters} cluster(s) × ${flags.spec.jobs} jobs × ${flags.spec.vertices} vertices × parallelism ${flags.spec.parallelism}, analysis and store on, for ${Math.round(seconds)} s`,
    hanging: flags.spec.hanging ?? 0,
    garbage: flags.spec.garbage ?? 0,
    requestsPerJobAndBeat: rounded(asked / ((jobs * rounds.length) / mock.urls.length || 1)),
    requestsPerSecond: rounded(asked / seconds),
    beatSeconds: beatsOf(rounds),
    lagSecondsP99: quantileOf(lagSeconds, 0.99),
    analysisMsMedian: quantileOf(analysisMs, 0.5),
    analysisMsP99: quantileOf(analysisMs, 0.99),
    eventLoopLateMsMax: Math.round(lateMs),
    // The mock's jobs are calm: a finding here means that something else than calm jobs is measured.
    findings: [...new Set(watch.reports().flatMap(({ findings }) => findings.map(({ rule }) => rule)))],
    cores: rounded(cpuSeconds / seconds),
    cpuMsPerJobAndBeat: rounded((cpuSeconds * 1000) / ((jobs * seconds * 1000) / flags.intervalMs)),
    rssMib: Math.round(rssMib),
    rowsWritten: health.writtenRows,
    rowsDropped: health.droppedRows,
    storeError: health.lastError,
    rowsQueued: health.queuedRows,
    diskMib: Math.round((health.diskBytes ?? 0) / MIB),
    heapTotalMib: Math.round(heapTotalMib),
    heapMib: Math.round(heapUsed / MIB),
    externalMib: Math.round(external / MIB),
  };
  await watch.stop();
  await store.close();
  mock.process.kill();
  rmSync(dir, { recursive: true, force: true });
  return result;
}

function flagsOf(argv: readonly string[]): {
  readonly spec: MockSpec;
  readonly intervalMs: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
} {
  const { values } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      [
        'clusters',
        'jobs',
        'vertices',
        'parallelism',
        'checkpoint',
        'hanging',
        'garbage',
        'interval',
        'warmup',
        'seconds',
      ].map((name) => [name, { type: 'string' as const }]),
    ),
  });
  const number = (name: string, otherwise: number): number => Number(values[name] ?? otherwise);
  return {
    spec: {
      clusters: number('clusters', 1),
      jobs: number('jobs', 100),
      vertices: number('vertices', 5),
      parallelism: number('parallelism', 4),
      checkpointMs: number('checkpoint', 300),
      hanging: number('hanging', 0),
      garbage: number('garbage', 0),
    },
    intervalMs: number('interval', 10) * 1000,
    warmUpMs: number('warmup', 40) * 1000,
    measureMs: number('seconds', 60) * 1000,
  };
}

async function startMock(
  spec: MockSpec,
): Promise<{ readonly urls: readonly string[]; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'mock-jobmanager.js'), JSON.stringify(spec)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout }))
    return { urls: JSON.parse(line) as string[], process: child }; // Its one line.
  throw new Error('the mock JobManager did not start');
}

/** Seconds between two rounds of a cluster: median and longest. */
function beatsOf(rounds: readonly { readonly cluster: string; readonly atMs: number }[]): object {
  const gaps: number[] = [];
  const last = new Map<string, number>();
  for (const { cluster, atMs } of rounds) {
    const before = last.get(cluster);
    if (before !== undefined) gaps.push((atMs - before) / 1000);
    last.set(cluster, atMs);
  }
  return { median: quantileOf(gaps, 0.5), max: quantileOf(gaps, 1) };
}

/** Undefined, so not printed, where nothing was measured. */
function quantileOf(values: readonly number[], share: number): number | undefined {
  const value = quantile(values, share);
  return value === undefined ? undefined : rounded(value);
}
