import { startCluster, type Cluster } from './cluster.js';
import { allTasksRunning, type JobSubmission } from './flink/rest.js';
import { renderGraph } from './graph.js';
import type { Action, Scenario } from './scenario.js';
import type { FlinkRelease } from './versions.js';
import { operatorsOf } from './suite/judge.js';
import { waitFor } from './wait.js';

/** A busy two-core machine needs its time for eight subtasks. */
const RUNNING_TIMEOUT_MS = 120_000;

export interface PlayOptions {
  release: FlinkRelease;
  prometheus?: boolean;
  say?: (line: string) => void;
}

export function startScenarioCluster(scenario: Scenario, options: PlayOptions): Promise<Cluster> {
  return startCluster({ ...options, ...scenario.cluster, label: scenario.id, config: scenario.config ?? {} });
}

export function submissionOf(scenario: Scenario): JobSubmission {
  const maxParallelism = scenario.maxParallelism ? ['--max-parallelism', String(scenario.maxParallelism)] : [];
  return {
    entryClass: 'weir.testbed.FaultJob',
    args: ['--name', scenario.id, '--graph', renderGraph(scenario.graph), ...maxParallelism],
  };
}

/** Returns when every task runs; at once where the scenario is built so that they never do together. */
export async function waitUntilRunning(scenario: Scenario, cluster: Cluster, jobId: string): Promise<void> {
  if (scenario.neverRuns) return;
  await waitFor(async () => (allTasksRunning(await cluster.rest.job(jobId)) ? true : undefined), {
    what: `all tasks of ${scenario.id} run (logs in ${cluster.workDir}/log)`,
    timeoutMs: RUNNING_TIMEOUT_MS,
    stillPossible: cluster.mustRun,
  });
}

/** Where a scenario is played. */
export interface Stage {
  readonly cluster: Cluster;
  readonly jobId: string;
}

/** Arms the scenario's actions; the returned function disarms those still to come. */
export function scheduleActions(scenario: Scenario, stage: Stage, say: (line: string) => void): () => void {
  const timers = (scenario.actions ?? []).map((action) =>
    setTimeout(() => {
      perform(action, scenario, stage).then(say, (error: unknown) => say(`${action.do} failed: ${String(error)}`));
    }, action.atS * 1000),
  );
  return () => timers.forEach(clearTimeout);
}

async function perform(action: Action, scenario: Scenario, { cluster, jobId }: Stage): Promise<string> {
  if (action.do === 'redeploy') {
    const savepointPath = await cluster.rest.stop(jobId, `${cluster.workDir}/savepoints`);
    const again = await cluster.submitJob({ ...submissionOf({ ...scenario, graph: action.graph }), savepointPath });
    return `stopped ${jobId}, and started ${again} from ${savepointPath}`;
  }
  if (action.do === 'rescale') {
    const { vertices } = await cluster.rest.job(jobId);
    const wanted = vertices.map(({ id, name, parallelism }) => [
      id,
      operatorsOf(name).includes(action.operator) ? action.to : parallelism,
    ]);
    await cluster.rest.rescale(jobId, Object.fromEntries(wanted) as Record<string, number>);
    return `asked for ${action.to} subtasks of ${action.operator}`;
  }
  if (action.do === 'start-taskmanager') {
    const started = await cluster.startTaskManager();
    return `started ${started.id}, pid ${started.pid}`;
  }
  if (action.do === 'starve-taskmanager') {
    cluster.starveTaskManager(action.index, action.share);
    return `starves ${cluster.taskManagers()[action.index]?.id ?? 'a TaskManager'}`;
  }
  await cluster.killTaskManager(action.index);
  return `killed ${cluster.taskManagers()[action.index]?.id ?? 'a TaskManager'}`;
}

/** When the fault begins, counted from the moment all tasks run. A rescale is a try to cure it, a redeployment no fault. */
export function faultBeginsAfterS(scenario: Scenario): number {
  const times = (scenario.actions ?? [])
    .filter((action) => action.do !== 'rescale' && action.do !== 'redeploy')
    .map((action) => action.atS);
  return times.length === 0 ? 0 : Math.min(...times);
}
