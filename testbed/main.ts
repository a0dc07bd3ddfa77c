#!/usr/bin/env node
import { Command } from 'commander';
import { startCluster, type Cluster } from './cluster.js';
import { fetchFlink } from './flink/download.js';
import { buildJars } from './flink/jars.js';
import { findJdk } from './java.js';
import { scheduleActions, startScenarioCluster, submissionOf, waitUntilRunning } from './play.js';
import type { Expectation, Scenario } from './scenario.js';
import { findScenario, scenarios } from './scenarios.js';
import { findRelease, releases } from './versions.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const program = new Command('testbed').description(
  'Starts real Flink clusters on this machine, with known faults in their jobs.',
);

program
  .command('up')
  .description('start a cluster, submit a scenario, and keep both until Ctrl-C')
  .option('--flink <version>', 'release line', '1.20')
  .option('--scenario <id>', 'without it the cluster stays empty')
  .option('--prometheus', "switch Flink's Prometheus reporter on")
  .action(up);

program
  .command('list')
  .description('show scenarios and Flink versions')
  .action(() => {
    for (const s of scenarios) say(`${s.id.padEnd(20)} ${describeExpected(s.expect).padEnd(52)} ${s.title}`);
    say(`\nFlink: ${releases.map((r) => [r.line, ...r.aliases].join(' = ') + ` (${r.version})`).join(', ')}`);
  });

program
  .command('fetch')
  .description('download Flink and compile the jobs, nothing else')
  .requiredOption('--flink <versions>', 'release lines, separated by commas')
  .action(async ({ flink }: { flink: string }) => {
    for (const line of flink.split(',')) {
      const dist = await fetchFlink(findRelease(line), say);
      const jars = await buildJars(dist, await findJdk());
      say(`Flink ${dist.release.version}: ${dist.lib}\njobs: ${jars.jobs}`);
    }
  });

async function up(options: { flink: string; scenario?: string; prometheus?: true }): Promise<void> {
  const release = findRelease(options.flink);
  const play = { release, say, ...(options.prometheus ? { prometheus: true } : {}) };
  if (options.scenario === undefined) {
    describeCluster(await startCluster(play));
    return;
  }
  const scenario = findScenario(options.scenario);
  say(`${scenario.id}: ${scenario.title}`);
  const cluster = await startScenarioCluster(scenario, play);
  describeCluster(cluster);
  const jobId = await cluster.submitJob(submissionOf(scenario));
  say(`job            ${jobId}`);
  await waitUntilRunning(scenario, cluster, jobId);
  say(scenario.neverRuns ? 'not all tasks run at once, as it should be' : 'all tasks run');
  announceActions(scenario);
  scheduleActions(scenario, { cluster, jobId }, say);
  say(`expected       ${describeExpected(scenario.expect)}`);
}

/** The processes' pipes keep this program alive until Ctrl-C, whose handler ends them. */
function describeCluster(cluster: Cluster): void {
  say(`REST           ${cluster.restUrl}`);
  say(`pids           ${process.pid} (this), ${cluster.jobManagerPid} (JobManager)`);
  for (const tm of cluster.taskManagers()) {
    say(`               ${tm.pid} (${tm.id})${tm.prometheusUrl ? ` ${tm.prometheusUrl}` : ''}`);
  }
  say(`logs           ${cluster.workDir}/log`);
  say(`to stop        Ctrl-C, or kill ${process.pid}`);
}

function announceActions(scenario: Scenario): void {
  for (const action of scenario.actions ?? []) say(`in ${action.atS} s        ${action.do}`);
}

function describeExpected(expect: Expectation): string {
  if (expect.rule === undefined) return 'nothing to report';
  const where = expect.operator === undefined ? '' : ` on ${expect.operator}`;
  const subtasks = expect.subtasks === undefined ? '' : `[${expect.subtasks.join(',')}]`;
  return `${expect.rule}${where}${subtasks}`;
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? describeError(error) : String(error)}\n`);
  process.exit(2);
});

function describeError(error: Error): string {
  return error.cause === undefined ? error.message : `${error.message}\ncaused by: ${String(error.cause)}`;
}
