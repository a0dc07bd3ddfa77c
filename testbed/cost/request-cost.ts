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
/** Of each kind, before the first block: a cold JobManager takes several times as long. */
const WARM_UP_BLOCKS = 20;
/** Flink answers from one copy of the graph for 3 s (`web.refresh-interval`). */
const COPY_OLD_MS = 3_300;
const FRESH_BLOCKS = 9;

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

/** Prints one line for each kind of request. */
export async function measureRequests(
  cluster: Cluster,
  jobId: string,
  parallelism: number,
  say: (line: string) => void,
): Promise<void> {
  const vertexIds = (await cluster.rest.job(jobId)).vertices.map(({ id }) => id);
  const taskManagerId = (await cluster.rest.taskManagerIds())[0];
  const { ask, close } = asker(cluster.restUrl);
  let turn = 0;
  // Not the source, which has no input.
  const vertex = (): string => `/jobs/${jobId}/vertices/${vertexIds[1 + (turn++ % (vertexIds.length - 1))]}`;
  const watermarks = Array.from({ length: parallelism }, (_, i) => `${i}.currentInputWatermark`).join(',');
  const kinds: Readonly<Record<string, () => string>> = {
    'summary of 5 metrics, 4 statistics': () => `${vertex()}/subtasks/metrics?get=${SUMMARY}${STATISTICS}`,
    'summary of 5 metrics, all statistics': () => `${vertex()}/subtasks/metrics?get=${SUMMARY}`,
    'one metric of each subtask': () => `${vertex()}/metrics?get=${watermarks}`,
    'metrics of the job': () => `/jobs/${jobId}/metrics?get=${JOB_METRICS}`,
    'metrics of a TaskManager': () => `/taskmanagers/${taskManagerId}/metrics?get=${TASK_MANAGER_METRICS}`,
    'list of TaskManagers': () => '/taskmanagers',
    'list of jobs': () => '/jobs/overview',
    'state of the job': () => `/jobs/${jobId}/status`,
    overview: () => '/overview',
    'page of a vertex': vertex,
    'page of the job': () => `/jobs/${jobId}`,
    'checkpoints of the job': () => `/jobs/${jobId}/checkpoints`,
    'exceptions of the job': () => `/jobs/${jobId}/exceptions`,
  };
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
  for (let i = 0; i < WARM_UP_BLOCKS; i += 1)
    for (const path of Object.values(kinds)) await block(path, REQUESTS_PER_BLOCK);
  const costs = new Map<string, Cost[]>();
  const note = (kind: string, cost: Cost): void => void costs.set(kind, [...(costs.get(kind) ?? []), cost]);
  for (let i = 0; i < BLOCKS; i += 1)
    for (const [kind, path] of Object.entries(kinds)) note(kind, await block(path, REQUESTS_PER_BLOCK));
  for (let i = 0; i < FRESH_BLOCKS; i += 1) {
    note('page of a vertex, graph copied anew', await block(vertex, 1, COPY_OLD_MS));
    note('metrics of the job, as long apart', await block(kinds['metrics of the job'] ?? vertex, 1, COPY_OLD_MS));
  }
  close();
  say('ms of JobManager CPU a request, the median of the blocks:');
  for (const [kind, of] of costs) {
    const rest = median(of.map(({ restMs }) => restMs));
    const rpc = median(of.map(({ rpcMs }) => rpcMs));
    say(
      `  REST ${rest.toFixed(2).padStart(5)}  RPC ${rpc.toFixed(2).padStart(5)}  ${Math.round(
        median(of.map(({ bytes }) => bytes)),
      )
        .toString()
        .padStart(6)} bytes  ${kind}`,
    );
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
