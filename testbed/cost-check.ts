import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startCluster, type Cluster } from './cluster.js';
import { countingProxy, type Traffic } from './counting-proxy.js';
import { difference, threadCpu, type ThreadCpu } from './flink/thread-cpu.js';
import { allTasksRunning } from './flink/rest.js';
import { agg, map, renderGraph, sink, source } from './graph.js';
import { startWeir } from './suite/weir-process.js';
import { findRelease } from './versions.js';
import { waitFor } from './wait.js';

/**
 * What watching one job of six vertices costs its JobManager. Two phases on one warm cluster: a poller whose single
 * request makes Flink fetch metrics as it does for anybody, then Weir. The difference is what Weir costs beside the
 * fetch. Wants a quiet machine; Linux only.
 */

const VERTICES = 6;
const BEAT_MS = 10_000;
const MINUTE_MS = 60_000;
const RUNNING_TIMEOUT_MS = 300_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    flink: { type: 'string', default: '1.20' },
    parallelism: { type: 'string', default: '128' },
    minutes: { type: 'string', default: '20' },
    'warm-up-minutes': { type: 'string', default: '6' },
  },
});
const p = Number(values.parallelism);
const minutes = Number(values.minutes);
const warmUpMs = Number(values['warm-up-minutes']) * MINUTE_MS;

async function startJob(cluster: Cluster): Promise<string> {
  const graph = renderGraph([
    source('src', { p, rate: 2, keys: 'uniform:100000' }),
    map('parse', 'src:forward', { p, chain: 'off' }),
    map('enrich', 'parse:forward', { p, chain: 'off' }),
    agg('agg', 'enrich:hash', { p, chain: 'off' }),
    map('format', 'agg:forward', { p, chain: 'off' }),
    sink('sink', 'format:forward', { p, chain: 'off' }),
  ]);
  const id = await cluster.submitJob({
    entryClass: 'weir.testbed.FaultJob',
    args: ['--name', 'cost', '--graph', graph],
  });
  await waitFor(async () => (allTasksRunning(await cluster.rest.job(id)) ? true : undefined), {
    what: `all ${VERTICES * p} tasks run`,
    timeoutMs: RUNNING_TIMEOUT_MS,
    stillPossible: cluster.mustRun,
  });
  return id;
}

/** Asks the one thing that makes Flink fetch, as often as Weir would. */
function fetchOnly(cluster: Cluster, jobId: string): () => void {
  const ask = (): void => {
    fetch(`${cluster.restUrl}/jobs/${jobId}/metrics?get=numRestarts`)
      .then((answer) => answer.text())
      .catch((error: unknown) => say(`fetch-only request failed: ${String(error)}`));
  };
  ask();
  const timer = setInterval(ask, BEAT_MS);
  return () => clearInterval(timer);
}

async function cpuDuring(pid: number, ms: number): Promise<ThreadCpu> {
  const before = threadCpu(pid);
  await delay(ms);
  return difference(threadCpu(pid), before);
}

const perBeat = (ns: number, beats: number): string => (ns / 1e6 / beats).toFixed(2);

function sayCpu(title: string, cpu: ThreadCpu, beats: number): void {
  const { restNs, rpcNs, metricsNs, compilerNs, gcNs, otherNs } = cpu;
  say(
    `${title}: ms of JobManager CPU a beat: REST ${perBeat(restNs, beats)}, RPC ${perBeat(rpcNs, beats)}, metric fetch ${perBeat(metricsNs, beats)}, ` +
      `compiler ${perBeat(compilerNs, beats)}, GC ${perBeat(gcNs, beats)}, other ${perBeat(otherNs, beats)}`,
  );
}

function sayTraffic(traffic: Traffic, beats: number): void {
  const all = [...traffic].sort(([, a], [, b]) => b.bytes - a.bytes);
  for (const [kind, { requests, bytes }] of all) {
    say(
      `  ${(requests / beats).toFixed(2).padStart(6)} requests  ${Math.round(bytes / beats)
        .toString()
        .padStart(7)} bytes  ${kind}`,
    );
  }
  const sum = all.reduce((acc, [, one]) => ({ r: acc.r + one.requests, b: acc.b + one.bytes }), { r: 0, b: 0 });
  say(
    `  ${(sum.r / beats).toFixed(2).padStart(6)} requests  ${Math.round(sum.b / beats)
      .toString()
      .padStart(7)} bytes  in all, a beat`,
  );
}

const cluster = await startCluster({
  release: findRelease(values.flink),
  label: 'cost',
  taskManagers: 1,
  slotsPerTaskManager: p,
  taskManagerMemory: p > 32 ? '4g' : '1400m',
  config: p > 32 ? { 'taskmanager.memory.network.min': '768m', 'taskmanager.memory.network.max': '768m' } : {},
  say,
});
try {
  const jobId = await startJob(cluster);
  say(`${VERTICES} vertices × ${p} run on Flink ${values.flink}; warming up`);
  // Weir warms the JobManager, so that both phases meet compiled code.
  const proxy = await countingProxy(cluster.restUrl);
  let weir = await startWeir(proxy.url, cluster.workDir);
  await delay(warmUpMs);
  const stopped = weir.stop();
  await stopped;
  const stopFetching = fetchOnly(cluster, jobId);
  await delay(BEAT_MS * 3);
  const alone = await cpuDuring(cluster.jobManagerPid, (minutes * MINUTE_MS) / 2);
  stopFetching();
  sayCpu('fetch only', alone, (minutes * MINUTE_MS) / 2 / BEAT_MS);
  weir = await startWeir(proxy.url, cluster.workDir);
  await delay(MINUTE_MS * 2);
  proxy.take();
  const watched = await cpuDuring(cluster.jobManagerPid, minutes * MINUTE_MS);
  const traffic = proxy.take();
  await weir.stop();
  await proxy.stop();
  const beats = traffic.get('/jobs/overview')?.requests ?? 1;
  say(`${beats} beats in ${minutes} minutes`);
  sayCpu('Weir', watched, beats);
  sayTraffic(traffic, beats);
  const fetches = (minutes * MINUTE_MS) / BEAT_MS;
  const extra = (watched.restNs + watched.rpcNs) / beats - ((alone.restNs + alone.rpcNs) * 2) / fetches;
  say(`REST and RPC beside the fetch: ${(extra / 1e6).toFixed(2)} ms a beat`);
} finally {
  await cluster.stop();
}
