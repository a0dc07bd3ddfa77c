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
 * What the requests of Weir for one job of six vertices cost its JobManager: its REST and RPC threads, less what these use
 * while nobody asks. The metric fetch, which Flink makes for whoever asks and which dwarfs all requests, is kept out of the
 * measured minutes: Flink is told to fetch seldom. Linux only. Takes twice the minutes, and five.
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
  },
});
const p = Number(values.parallelism);
const minutes = Number(values.minutes);
/** The second fetch, which finds all tasks running, comes within the warm-up; the third after the last measured minute. */
const fetchMs = (minutes + 4) * MINUTE_MS;
const IDLE_MS = 2 * MINUTE_MS;

async function startJob(cluster: Cluster): Promise<void> {
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
  config: {
    'metrics.fetcher.update-interval': String(fetchMs),
    // The exchange of 128 × 128 channels, flushed every 100 ms for a few records and sent a watermark every 200 ms, would take
    // both cores from the JobManager.
    'execution.buffer-timeout.interval': '2 s',
    'pipeline.auto-watermark-interval': '10 s',
    // 768 tasks that acknowledge every 10 s cost its RPC threads 300 ms each time: a change of that would pass for Weir's.
    'execution.checkpointing.interval': '60 s',
    ...(p > 32 ? { 'taskmanager.memory.network.min': '768m', 'taskmanager.memory.network.max': '768m' } : {}),
  },
  say,
});
try {
  await startJob(cluster);
  say(`${VERTICES} vertices × ${p} run on Flink ${values.flink}; warming up`);
  const proxy = await countingProxy(cluster.restUrl);
  const weir = await startWeir(proxy.url, cluster.workDir);
  const fetchedFirstMs = Date.now();
  await delay(fetchMs - IDLE_MS - MINUTE_MS);
  process.kill(weir.process.pid, 'SIGSTOP');
  await delay(MINUTE_MS / 2);
  const idle = await cpuDuring(cluster.jobManagerPid, IDLE_MS);
  process.kill(weir.process.pid, 'SIGCONT');
  // The fetch is due now, and the rounds after a pause are fuller.
  await delay(fetchedFirstMs + fetchMs + MINUTE_MS - Date.now());
  proxy.take();
  const watched = await cpuDuring(cluster.jobManagerPid, minutes * MINUTE_MS);
  const traffic = proxy.take();
  await weir.stop();
  await proxy.stop();
  const beats = traffic.get('/jobs/overview')?.requests ?? 1;
  const idleBeats = IDLE_MS / BEAT_MS;
  say(`${beats} beats in ${minutes} minutes`);
  sayCpu('nobody asks', idle, idleBeats);
  sayCpu('Weir', watched, beats);
  const asked = (watched.restNs + watched.rpcNs) / beats - (idle.restNs + idle.rpcNs) / idleBeats;
  say(`requests of Weir: ${(asked / 1e6).toFixed(2)} ms of REST and RPC a beat`);
  sayTraffic(traffic, beats);
} finally {
  await cluster.stop();
}
