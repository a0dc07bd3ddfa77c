import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startCluster, type Cluster } from './cluster.js';
import { countingProxy, type Traffic } from './counting-proxy.js';
import { difference, sum, threadCpu, type ThreadCpu } from './flink/thread-cpu.js';
import { agg, map, renderGraph, sink, source } from './graph.js';
import { startWeir } from './suite/weir-process.js';
import { findRelease } from './versions.js';
import { waitFor } from './wait.js';

/**
 * What the requests of Weir for one job of six vertices cost its JobManager: its REST and RPC threads, less what these use
 * while nobody asks, in turns. The metric fetch, which Flink makes for whoever asks and which dwarfs all requests, is kept out
 * of the measured minutes: Flink fetches once, for the first request. Linux only. Takes one and a half times the minutes, and twelve.
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
/** Longer than any run: the fetch for Weir's first request, which finds all tasks running, is the only one. */
const FETCH_MS = 24 * 60 * MINUTE_MS;
/** A reader registers its last metrics with its first split. */
const REGISTERING_MS = 15_000;
const WARM_UP_MS = 8 * MINUTE_MS;
/** Watched and idle stretches take turns, because what the JobManager does by itself goes up and down by more than Weir costs. */
const TURNS = 5;
const watchedMs = (minutes / TURNS) * MINUTE_MS;
const idleMs = watchedMs / 2;
/** Requests under way end; the rounds after a pause are fuller. */
const SETTLE_MS = 25_000;

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
  await waitFor(async () => ((await cluster.rest.runningTasks(id)) === VERTICES * p ? true : undefined), {
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

interface Turn {
  readonly idle: ThreadCpu;
  readonly watched: ThreadCpu;
  readonly traffic: Traffic;
}

const beatsOf = (traffic: Traffic): number => traffic.get('/jobs/overview')?.requests ?? 1;

function trafficOf(turns: readonly Turn[]): Traffic {
  const all = new Map<string, { requests: number; bytes: number }>();
  for (const { traffic } of turns)
    for (const [kind, { requests, bytes }] of traffic) {
      const before = all.get(kind) ?? { requests: 0, bytes: 0 };
      all.set(kind, { requests: before.requests + requests, bytes: before.bytes + bytes });
    }
  return all;
}

/** CPU of REST and RPC a beat, beyond what they use in the same time when nobody asks. */
function askedMs(turns: readonly Turn[]): number {
  const watched = sum(turns.map((turn) => turn.watched));
  const idle = sum(turns.map((turn) => turn.idle));
  const idleNs = ((idle.restNs + idle.rpcNs) * watchedMs) / idleMs;
  return (watched.restNs + watched.rpcNs - idleNs) / 1e6 / beatsOf(trafficOf(turns));
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
    'metrics.fetcher.update-interval': String(FETCH_MS),
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
  await delay(REGISTERING_MS);
  const proxy = await countingProxy(cluster.restUrl);
  const weir = await startWeir(proxy.url, cluster.workDir);
  await delay(WARM_UP_MS);
  const turns: Turn[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    process.kill(weir.process.pid, 'SIGSTOP');
    await delay(SETTLE_MS);
    const idle = await cpuDuring(cluster.jobManagerPid, idleMs);
    process.kill(weir.process.pid, 'SIGCONT');
    await delay(SETTLE_MS);
    proxy.take();
    const watched = await cpuDuring(cluster.jobManagerPid, watchedMs);
    turns.push({ idle, watched, traffic: proxy.take() });
    say(`turn ${turn + 1} of ${TURNS}: ${askedMs(turns.slice(-1)).toFixed(2)} ms a beat`);
  }
  await weir.stop();
  await proxy.stop();
  const traffic = trafficOf(turns);
  const beats = beatsOf(traffic);
  say(`${beats} beats in ${minutes} minutes`);
  sayCpu('nobody asks', sum(turns.map(({ idle }) => idle)), (TURNS * idleMs) / BEAT_MS);
  sayCpu('Weir', sum(turns.map(({ watched }) => watched)), beats);
  say(`requests of Weir: ${askedMs(turns).toFixed(2)} ms of REST and RPC a beat`);
  sayTraffic(traffic, beats);
} finally {
  await cluster.stop();
}
