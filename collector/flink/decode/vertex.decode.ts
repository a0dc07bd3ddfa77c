import { z } from 'zod';
import { defined, type VertexDetail } from '../../model/index.js';
import { fromSchema, type Decoded } from './body.decode.js';
import { count, countOrZero, id32, optionalText, taskState, timestamp } from './fields.decode.js';
import { ioMetrics } from './io-metrics.decode.js';

const subtask = z.object({
  subtask: z.number().int().nonnegative(),
  status: taskState,
  attempt: countOrZero,
  'start-time': timestamp,
  'taskmanager-id': optionalText,
  metrics: ioMetrics,
  'status-duration': z.object({ RUNNING: count }).optional(),
});

type RawSubtask = z.infer<typeof subtask>;

/** When the attempt entered RUNNING. Before 1.16 nothing says it, so the attempt's start stands in for it. */
function runningSinceMs(raw: RawSubtask, nowMs: number | undefined): number | undefined {
  if (raw.status !== 'RUNNING') return undefined;
  const runningMs = raw['status-duration']?.RUNNING;
  // A task that runs for longer than there is time is no task.
  return nowMs === undefined || runningMs === undefined || runningMs > nowMs ? raw['start-time'] : nowMs - runningMs;
}

/** `"(unassigned)"` stands where a subtask has no slot yet. */
const toTaskManagerId = (raw: string | undefined): string | undefined =>
  raw?.startsWith('(') === true ? undefined : raw;

const decodeRaw = fromSchema(
  z.object({
    id: id32,
    name: z.string(),
    parallelism: countOrZero,
    maxParallelism: count,
    now: timestamp,
    subtasks: z.array(subtask),
  }),
);

/** `GET /jobs/:jobid/vertices/:vertexid`, read at `atMs`. Times and counts are missing while Flink has only placeholders. */
export function decodeVertex(body: unknown, atMs: number): Decoded<VertexDetail> {
  const decoded = decodeRaw(body);
  if (!decoded.ok) return decoded;
  const raw = decoded.value;
  const value = defined<VertexDetail>({
    vertexId: raw.id,
    name: raw.name,
    parallelism: raw.parallelism,
    maxParallelism: raw.maxParallelism,
    subtasks: raw.subtasks.map((one) => toSample(one, raw.now, atMs)),
  });
  return { ok: true, value };
}

function toSample(raw: RawSubtask, nowMs: number | undefined, atMs: number): VertexDetail['subtasks'][number] {
  return defined<VertexDetail['subtasks'][number]>({
    subtask: raw.subtask,
    atMs,
    state: raw.status,
    attempt: raw.attempt,
    startMs: raw['start-time'],
    runningSinceMs: runningSinceMs(raw, nowMs),
    taskManagerId: toTaskManagerId(raw['taskmanager-id']),
    ...raw.metrics,
    // Not in this body: the collector adds them from the metrics of the vertex.
    watermarkMs: undefined,
    pendingRecords: undefined,
  });
}
