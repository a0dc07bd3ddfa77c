import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../cluster.js';
import { difference, threadCpu } from '../flink/thread-cpu.js';

/**
 * What one request of each kind costs the JobManager, as REST-TRUTH §7 has it: blocks of the same request, one block of each kind
 * after the other so that what disturbs the machine disturbs all, and the median of the blocks.
 */

const BLOCKS = 21;
const REQUESTS_PER_BLOCK = 15;
/** Of each kind: the first hundred of a cold JobManager cost three to ten times as much (REST-TRUTH §7). */
const WARM_UP_REQUESTS = 500;
/** Flink answers from one copy of the graph for 3 s (`web.refresh-interval`). */
const COPY_OLD_MS = 3_300;
const FRESH_BLOCKS = 9;

/** What a page takes beyond the metrics of the job, which need no graph, when both come this far apart is the copy. */
const PAGE = 'page of a vertex';
const SUMMARY =
  'busyTimeMsPerSecond,backPressuredTimeMsPerSecond,numRecordsInPerSecond,numRecordsOutPerSecond,currentInputWatermark';
const STATISTICS = '&agg=min,max,avg,sum';
const JOB_METRICS = 'numRestarts,numberOfCompletedCheckpoints,numberOfFailedCheckpoints,numberOfInProgressCheckpoints';
const TASK_MANAGER_METRICS =
  'Status.JVM.CPU.Load,Status.JVM.CPU.Time,Status.JVM.Memory.Heap.Used,Status.JVM.Memory.Heap.Max';

interface Cost {
  readonly restMs: number;
  readonly rpcMs: number;
  readonly bytes: number;
}

type Ask = (path: string) => Promise<number>;

/** Bytes of the answer; all requests over one connection. */
function asker(baseUrl: string): { readonly ask: Ask; readonly close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask: Ask = (path) =>
    new Promise((resolve, reject) => {
      get(baseUrl + path, { agent }, (answer) => {
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(bytes);
          else reject(new Error(`GET ${path} answered ${answer.statusCode}`));
        });
      }).on('error', reject);
    });
  return { ask, close: () => agent.destroy() };
}

/** A path of each kind of request that Weir makes; those of a vertex take another one each time. */
type Kinds = Readonly<Record<string, () => string>>;

async function kindsOf(cluster: Cluster, jobId: string, parallelism: number): Promise<Kinds> {
  const vertexIds = (await cluster.rest.job(jobId)).vertices.map(({ id }) => id);
  const taskManagerId = (await cluster.rest.taskManagerIds())[0];
  let turn = 0;
  // Not the source, which has no input.
  const vertex = (): string => `/jobs/${jobId}/vertices/${vertexIds[1 + (turn++ % (vertexIds.length - 1))]}`;
  const watermarks = Array.from({ length: parallelism }, (_, i) => `${i}.currentInputWatermark`).join(',');
  return {
    'summary of 5 metrics, 4 statistics': () => `${vertex()}/subtasks/metrics?get=${SUMMARY}${STATISTICS}`,
    'summary of 5 metrics, all statistics': () => `${vertex()}/subtasks/metrics?get=${SUMMARY}`,
    'one metric of each subtask': () => `${vertex()}/metrics?get=${watermarks}`,
    'metrics of the job': () => `/jobs/${jobId}/metrics?get=${JOB_METRICS}`,
    'metrics of a TaskManager': () => `/taskmanagers/${taskManagerId}/metrics?get=${TASK_MANAGER_METRICS}`,
    'list of TaskManagers': () => '/taskmanagers',
    'list of jobs': () => '/jobs/overview',
    'state of the job': () => `/jobs/${jobId}/status`,
    overview: () => '/overview',
    [PAGE]: vertex,
    'page of the job': () => `/jobs/${jobId}`,
    'checkpoints of the job': () => `/jobs/${jobId}/checkpoints`,
    'exceptions of the job': () => `/jobs/${jobId}/exceptions`,
  };
}

/** Requests of each kind until the JobManager is as warm as one that has been watched for a day. */
export async function warmUp(cluster: Cluster, jobId: string, parallelism: number): Promise<void> {
  const kinds = Object.values(await kindsOf(cluster, jobId, parallelism));
  const { ask, close } = asker(cluster.restUrl);
  for (let i = 0; i < WARM_UP_REQUESTS; i += 1) for (const path of kinds) await ask(path());
  close();
}

/** Prints one line for each kind of request. */
export async function measureRequests(
  cluster: Cluster,
  jobId: string,
  parallelism: number,
  say: (line: string) => void,
): Promise<void> {
  const kinds = await kindsOf(cluster, jobId, parallelism);
  const { ask, close } = asker(cluster.restUrl);
  const block = async (path: () => string, requests: number, pauseMs = 0): Promise<Cost> => {
    let bytes = 0;
    const before = threadCpu(cluster.jobManagerPid);
    for (let i = 0; i < requests; i += 1) {
      await delay(pauseMs);
      bytes += await ask(path());
    }
    const { restNs, rpcNs } = difference(threadCpu(cluster.jobManagerPid), before);
    return { restMs: restNs / 1e6 / requests, rpcMs: rpcNs / 1e6 / requests, bytes: bytes / requests };
  };
  const costs = new Map<string, Cost[]>();
  const note = (kind: string, cost: Cost): void => void costs.set(kind, [...(costs.get(kind) ?? []), cost]);
  for (let i = 0; i < BLOCKS; i += 1)
    for (const [kind, path] of Object.entries(kinds)) note(kind, await block(path, REQUESTS_PER_BLOCK));
  for (let i = 0; i < FRESH_BLOCKS; i += 1)
    for (const kind of [PAGE, 'metrics of the job'])
      note(`${kind}, ${COPY_OLD_MS} ms apart`, await block(kinds[kind] ?? String, 1, COPY_OLD_MS));
  close();
  say('ms of JobManager CPU a request, the median of the blocks:');
  for (const [kind, of] of costs) {
    const [rest, rpc, bytes] = (['restMs', 'rpcMs', 'bytes'] as const).map((key) =>
      median(of.map((cost) => cost[key])),
    );
    say(`  REST ${shown(rest, 2, 5)}  RPC ${shown(rpc, 2, 5)}  ${shown(bytes, 0, 6)} bytes  ${kind}`);
  }
}

const shown = (value: number | undefined, digits: number, width: number): string =>
  (value ?? Number.NaN).toFixed(digits).padStart(width);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
