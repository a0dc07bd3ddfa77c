import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startCluster, type Cluster } from './cluster.js';
import { allTasksRunning, type JobSubmission } from './flink/rest.js';
import { agg, map, renderGraph, sink, source } from './graph.js';
import { startWeir, type WeirService } from './suite/weir-process.js';
import { findRelease } from './versions.js';
import { waitFor } from './wait.js';

/**
 * One job under one name through savepoint, rescale, failure, cancellation and a new submission on a real cluster, and
 * whether Weir tells all of it as the life of one job.
 */

const STEP_TIMEOUT_MS = 90_000;
const FAILS_AFTER_S = 100;

const events = z.object({ events: z.array(z.object({ atMs: z.number(), kind: z.string(), title: z.string() })) });
const jobs = z.object({ jobs: z.array(z.object({ cluster: z.string(), jobId: z.string(), state: z.string() })) });

interface Told {
  readonly kind: string;
  readonly title: string;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const submission = (parallelism: number): JobSubmission => ({
  entryClass: 'weir.testbed.FaultJob',
  args: [
    '--name',
    'life',
    '--graph',
    renderGraph([
      source('src', { p: 1, rate: 100, keys: 'uniform:1000' }),
      map('work', 'src:rebalance', { p: 1, chain: 'off', failEveryS: FAILS_AFTER_S }),
      agg('agg', 'work:hash', { p: parallelism, chain: 'off' }),
      sink('sink', 'agg:rebalance', { p: 1 }),
    ]),
  ],
});

async function read<T>(weir: WeirService, path: string, shape: z.ZodType<T>): Promise<T> {
  return shape.parse(await (await fetch(`${weir.api.url}/api/v1${path}`)).json());
}

/** What Weir tells of the job, oldest first, whichever of its ids is asked for. */
async function told(weir: WeirService): Promise<readonly Told[]> {
  const [job] = (await read(weir, '/jobs', jobs)).jobs;
  if (job === undefined) return [];
  const all = await read(weir, `/jobs/${job.cluster}/${job.jobId}/events`, events);
  return [...all.events].sort((a, b) => a.atMs - b.atMs);
}

async function untilTold(weir: WeirService, cluster: Cluster, kind: string, title: RegExp): Promise<void> {
  await waitFor(
    async () => ((await told(weir)).some((one) => one.kind === kind && title.test(one.title)) ? true : undefined),
    {
      what: `Weir tells ${kind} ${title}`,
      timeoutMs: STEP_TIMEOUT_MS + FAILS_AFTER_S * 1000,
      stillPossible: cluster.mustRun,
    },
  );
  say(`  told: ${kind} ${title}`);
}

async function untilRunning(cluster: Cluster, jobId: string): Promise<Readonly<Record<string, string>>> {
  const details = await waitFor(
    async () => {
      const now = await cluster.rest.job(jobId);
      return allTasksRunning(now) ? now : undefined;
    },
    { what: 'all tasks run', timeoutMs: STEP_TIMEOUT_MS, stillPossible: cluster.mustRun },
  );
  return Object.fromEntries(details.vertices.map(({ id, name }) => [name, id]));
}

async function play(cluster: Cluster, weir: WeirService): Promise<void> {
  const first = await cluster.submitJob(submission(2));
  const vertices = await untilRunning(cluster, first);
  await untilTold(weir, cluster, 'state', /^RUNNING$/);
  await cluster.rest.savepoint(first, join(cluster.workDir, 'savepoints'));
  await untilTold(weir, cluster, 'checkpoint', /^Savepoint completed: \d+$/);
  await cluster.rest.rescale(first, { ...all(vertices), [vertices['agg'] ?? '']: 1 });
  await untilTold(weir, cluster, 'rescale', /agg 2 → 1/);
  await untilTold(weir, cluster, 'configuration', /parallelism of agg: 1–2 → 1–1/);
  await untilTold(weir, cluster, 'failure', /fail/i);
  await untilTold(weir, cluster, 'restart', /^restart \d+$/);
  await cluster.cancelJob(first);
  await untilTold(weir, cluster, 'state', /^CANCELED$/);
  const second = await cluster.submitJob(submission(3));
  await untilRunning(cluster, second);
  await untilTold(weir, cluster, 'restart', new RegExp(`${first} → ${second}`));
  await untilTold(weir, cluster, 'rescale', /agg 1 → 3/);
  const shown = (await read(weir, '/jobs', jobs)).jobs.filter(({ state }) => state === 'RUNNING');
  if (shown.length !== 1) throw new Error(`${shown.length} running jobs are shown instead of one`);
}

const all = (vertices: Readonly<Record<string, string>>): Record<string, number> =>
  Object.fromEntries(Object.values(vertices).map((id) => [id, 1]));

const { values } = parseArgs({ options: { flink: { type: 'string', default: '1.20' } } });
for (const line of values.flink.split(',')) {
  const release = findRelease(line);
  const config = {
    'jobmanager.scheduler': 'adaptive',
    'jobmanager.adaptive-scheduler.resource-stabilization-timeout': '1 s',
    // From 2.3 on; others do not know it.
    'web.adaptive-scheduler.rescale-history.size': '10',
  };
  const cluster = await startCluster({ release, label: 'life', taskManagers: 2, config, say });
  const weir = await startWeir(cluster.restUrl, cluster.workDir);
  try {
    say(`Flink ${release.version}:`);
    await play(cluster, weir);
    for (const { kind, title } of await told(weir)) say(`    ${kind.padEnd(14)} ${title}`);
  } catch (error) {
    for (const { kind, title } of await told(weir)) say(`    ${kind.padEnd(14)} ${title}`);
    throw error;
  } finally {
    await weir.stop();
    await cluster.stop();
  }
}
