import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Cluster } from './cluster.js';
import { CHECKPOINT_EVERY_MS, startCostCluster } from './cost/cost-cluster.js';
import { measureRequests, warmUp } from './cost/request-cost.js';
import { countingProxy, type Traffic } from './counting-proxy.js';
import { difference, sum, threadCpu, type ThreadCpu } from './flink/thread-cpu.js';
import { startWeir } from './suite/weir-process.js';
import { waitFor } from './wait.js';

/**
 * What the requests of Weir for one job of six vertices cost its JobManager: its REST and RPC threads, less what these use
 * while nobody asks, in turns. The metric fetch, which Flink makes for whoever asks and which dwarfs all requests, is kept out
 * of the measured minutes: Flink fetches once, for the first request. Linux only. Takes one and a half times the minutes, and twenty.
 * With `--requests` what one request of each kind costs instead, without Weir, in five minutes.
 */

const BEAT_MS = 10_000;
const MINUTE_MS = 60_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    flink: { type: 'string', default: '1.20' },
    parallelism: { type: 'string', default: '128' },
    minutes: { type: 'string', default: '20' },
    requests: { type: 'boolean', default: false },
  },
});
const p = Number(values.parallelism);
const minutes = Number(values.minutes);
/** A reader registers its last metrics with its first split. */
const REGISTERING_MS = 15_000;
/** Weir has read everything once, and its slower turns as well. */
const SETTLED_MS = 4 * MINUTE_MS;
/** Watched and idle stretches take turns, because what the JobManager does by itself goes up and down by more than Weir costs. */
const TURNS = 5;
const wholeIntervals = (ms: number): number => Math.max(1, Math.round(ms / CHECKPOINT_EVERY_MS)) * CHECKPOINT_EVERY_MS;
const watchedMs = wholeIntervals((minutes / TURNS) * MINUTE_MS);
const idleMs = wholeIntervals(watchedMs / 2);
/** What follows a checkpoint: the tasks are told, and the one before is removed. */
const CHECKPOINT_SETTLES_MS = 5_000;
/** Requests under way end; the rounds after a pause are fuller. */
const SETTLE_MS = 25_000;

/**
 * Comes back when a checkpoint has just completed. Its 768 acknowledgements cost the RPC threads as much as Weir does in a minute, so
 * every stretch has to hold as many of them: it begins after one, and lasts whole intervals.
 */
async function afterCheckpoint(cluster: Cluster, jobId: string): Promise<void> {
  const before = await cluster.rest.completedCheckpoints(jobId);
  await waitFor(async () => ((await cluster.rest.completedCheckpoints(jobId)) > before ? true : undefined), {
    what: 'a checkpoint completes',
    timeoutMs: 3 * CHECKPOINT_EVERY_MS,
    stillPossible: cluster.mustRun,
  });
  await delay(CHECKPOINT_SETTLES_MS);
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

async function watch(cluster: Cluster, jobId: string): Promise<void> {
  const proxy = await countingProxy(cluster.restUrl);
  const weir = await startWeir(proxy.url, cluster.workDir);
  await delay(SETTLED_MS);
  const turns: Turn[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    process.kill(weir.process.pid, 'SIGSTOP');
    await delay(SETTLE_MS);
    await afterCheckpoint(cluster, jobId);
    const idle = await cpuDuring(cluster.jobManagerPid, idleMs);
    process.kill(weir.process.pid, 'SIGCONT');
    await delay(SETTLE_MS);
    await afterCheckpoint(cluster, jobId);
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
}

const { cluster, jobId } = await startCostCluster(values.flink, p, say);
try {
  await delay(REGISTERING_MS);
  await warmUp(cluster, jobId, p);
  await (values.requests ? measureRequests(cluster, jobId, p, say) : watch(cluster, jobId));
} finally {
  await cluster.stop();
}
