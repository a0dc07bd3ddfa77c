import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chainCases, FAULT_FROM_S, type ChainCase } from './chain/cases.js';
import { judgeChain, type ChainVerdict } from './chain/judge.js';
import { startChain, type Chain } from './chain/prometheus.js';
import { startChainReceiver } from './chain/receiver.js';
import { startCluster, type Cluster } from './cluster.js';
import { allTasksRunning } from './flink/rest.js';
import { renderGraph } from './graph.js';
import { findExpected } from './suite/judge.js';
import { startWeir, type WeirService } from './suite/weir-process.js';
import { findRelease, type FlinkRelease } from './versions.js';
import { waitFor } from './wait.js';

/**
 * The whole chain on one machine: a job on real Flink runs well for five minutes and is hit by a fault; Weir, Prometheus and
 * Alertmanager tell a receiver, once, and take it back after the fault. Half an hour a case.
 */

const RUNNING_TIMEOUT_MS = 120_000;
const POLL_MS = 1000;
/** Backlog to be worked off, a verdict taken back as slowly as it was given, five minutes in Prometheus' rules. */
const AFTER_FAULT_MAX_MS = 15 * 60_000;

const say = (line: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

const { values } = parseArgs({
  options: { flink: { type: 'string', default: '1.20' }, case: { type: 'string' } },
});

const reporterUrls = (cluster: Cluster): readonly string[] =>
  [
    cluster.jobManagerPrometheusUrl,
    ...cluster
      .taskManagers()
      .filter(({ running }) => running)
      .map(({ prometheusUrl }) => prometheusUrl),
  ].filter((url) => url !== undefined);

async function submitted(cluster: Cluster, { id, graph }: ChainCase): Promise<void> {
  const jobId = await cluster.submitJob({
    entryClass: 'weir.testbed.FaultJob',
    args: ['--name', id, '--graph', renderGraph(graph)],
  });
  await waitFor(async () => (allTasksRunning(await cluster.rest.job(jobId)) ? true : undefined), {
    what: `all tasks of ${id} run (logs in ${cluster.workDir}/log)`,
    timeoutMs: RUNNING_TIMEOUT_MS,
    stillPossible: cluster.mustRun,
  });
}

interface Stage {
  readonly cluster: Cluster;
  readonly weir: WeirService;
  readonly chain: Chain;
}

/** Plays the part of the fault that is not in the job itself. */
async function hit({ cluster }: Stage, { losesTaskManager }: ChainCase, faultMs: number): Promise<void> {
  await delay(faultMs - Date.now());
  if (losesTaskManager === true) await cluster.killTaskManager(1);
}

async function mend({ cluster, chain }: Stage, { losesTaskManager }: ChainCase, mendedMs: number): Promise<void> {
  await delay(mendedMs - Date.now());
  if (losesTaskManager !== true) return;
  await cluster.startTaskManager();
  chain.scrape(reporterUrls(cluster));
}

async function play(chosen: ChainCase, release: FlinkRelease): Promise<ChainVerdict> {
  const cluster = await startCluster({
    release,
    label: `chain-${chosen.id}`,
    taskManagers: 2,
    slotsPerTaskManager: 1,
    prometheus: true,
    say,
  });
  const receiver = await startChainReceiver();
  let weir: WeirService | undefined;
  let chain: Chain | undefined;
  try {
    weir = await startWeir(cluster.restUrl, cluster.workDir, {
      alerts: {
        channels: [{ name: 'hook', kind: 'webhook', url: `${receiver.url}/weir` }],
        routes: [{ name: 'all', channels: ['hook'] }],
      },
    });
    chain = await startChain({
      dir: join(cluster.workDir, 'chain'),
      weirUrl: weir.api.url,
      reporterUrls: reporterUrls(cluster),
      receiverUrl: receiver.url,
    });
    const stage: Stage = { cluster, weir, chain };
    await submitted(cluster, chosen);
    const runsMs = Date.now();
    const faultMs = runsMs + FAULT_FROM_S * 1000;
    const mendedMs = runsMs + chosen.faultUntilS * 1000;
    say(`${chosen.id}: runs; fault in ${FAULT_FROM_S} s`);
    const acts = Promise.all([hit(stage, chosen, faultMs), mend(stage, chosen, mendedMs)]);
    let findingMs: number | undefined;
    let heardCount = 0;
    const verdict = (): ChainVerdict => judgeChain(receiver.heard, chosen.truth, { faultMs, findingMs });
    while (Date.now() < mendedMs + AFTER_FAULT_MAX_MS) {
      cluster.mustRun();
      chain.mustRun();
      if (findingMs === undefined && findExpected(await weir.api.firing(), chosen.truth) !== undefined) {
        findingMs = Date.now();
        say(`${chosen.id}: ${chosen.truth.rule} fires ${Math.round((findingMs - faultMs) / 1000)} s after the fault`);
      }
      for (const one of receiver.heard.slice(heardCount))
        say(`${chosen.id}: ${one.isFiring ? 'told' : 'taken back'} via ${one.via}: ${one.name} at ${one.vertex}`);
      heardCount = receiver.heard.length;
      const isOver = verdict().told.every(({ resolvedAfterFaultSeconds }) => resolvedAfterFaultSeconds !== undefined);
      if (Date.now() > mendedMs && isOver) break;
      await delay(POLL_MS);
    }
    await acts;
    return verdict();
  } finally {
    await chain?.stop();
    await weir?.stop();
    await receiver.close();
    await cluster.stop();
  }
}

const release = findRelease(values.flink);
const named = values.case?.split(',');
const cases = chainCases.filter(({ id }) => named?.includes(id) ?? true);
const verdicts = await Promise.all(
  cases.map(async (chosen) => {
    const verdict = await play(chosen, release).catch((error: unknown): ChainVerdict => ({
      told: [],
      problems: [String(error)],
    }));
    return { chosen, verdict };
  }),
);
for (const { chosen, verdict } of verdicts) {
  say(`${chosen.id}: ${chosen.title}: ${verdict.problems.join('; ') || 'as it should be'}`);
  for (const one of verdict.told) {
    const finding = one.afterFindingSeconds === undefined ? '' : `, ${one.afterFindingSeconds} s after the finding`;
    say(
      `  ${one.family}: ${one.alert} at ${one.vertex || '–'}: ${one.afterFaultSeconds} s after the fault${finding}; over at ${one.resolvedAfterFaultSeconds ?? '?'} s`,
    );
    say(`    ${one.summary} | ${one.action}`);
  }
}
const failed = verdicts.filter(({ verdict }) => verdict.problems.length > 0).length;
process.stdout.write(`${verdicts.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
