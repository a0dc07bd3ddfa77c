import { startCluster, type Cluster } from '../cluster.js';
import { agg, map, renderGraph, sink, source } from '../graph.js';
import { findRelease } from '../versions.js';
import { waitFor } from '../wait.js';

export const VERTICES = 6;
export const CHECKPOINT_EVERY_MS = 60_000;
const RUNNING_TIMEOUT_MS = 300_000;
/** Longer than any run: the fetch for the first request, which finds all tasks running, is the only one. */
const FETCH_MS = 24 * 3_600_000;

/** A cluster on which a calm job of six vertices runs, and its id; the metric fetch, which would dwarf all requests, happens once. */
export async function startCostCluster(
  flink: string,
  parallelism: number,
  say: (line: string) => void,
): Promise<{ readonly cluster: Cluster; readonly jobId: string }> {
  const cluster = await startCluster({
    release: findRelease(flink),
    label: 'cost',
    taskManagers: 1,
    slotsPerTaskManager: parallelism,
    taskManagerMemory: parallelism > 32 ? '4g' : '1400m',
    config: {
      'metrics.fetcher.update-interval': String(FETCH_MS),
      // The exchange of 128 × 128 channels, flushed every 100 ms for a few records and sent a watermark every 200 ms, would take
      // both cores from the JobManager.
      'execution.buffer-timeout.interval': '2 s',
      'pipeline.auto-watermark-interval': '10 s',
      // 768 tasks that acknowledge every 10 s cost its RPC threads 300 ms each time: a change of that would pass for Weir's.
      'execution.checkpointing.interval': `${CHECKPOINT_EVERY_MS} ms`,
      ...(parallelism > 32
        ? { 'taskmanager.memory.network.min': '768m', 'taskmanager.memory.network.max': '768m' }
        : {}),
    },
    say,
  });
  try {
    const jobId = await startJob(cluster, parallelism);
    say(`${VERTICES} vertices × ${parallelism} run on Flink ${flink}; warming up`);
    return { cluster, jobId };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function startJob(cluster: Cluster, p: number): Promise<string> {
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
  return id;
}
