import { z } from 'zod';
import { defined, type VertexDetail } from '../../model/index.js';
import { fromSchema, type Decoded } from './body.decode.js';
import { count, countOrZero, id32, isObject, timestamp, toCount, toTaskState, toTimestamp } from './fields.decode.js';
import { toIoMetrics } from './io-metrics.decode.js';

type Subtask = VertexDetail['subtasks'][number];

const decodePage = fromSchema(
  z.object({
    id: id32,
    name: z.string(),
    parallelism: countOrZero,
    maxParallelism: count,
    now: timestamp,
    subtasks: z.array(z.unknown()),
  }),
);

/** `GET /jobs/:jobid/vertices/:vertexid`, read at `atMs`. Times and counts are missing while Flink has only placeholders. */
export function decodeVertex(body: unknown, atMs: number): Decoded<VertexDetail> {
  const decoded = decodePage(body);
  if (!decoded.ok) return decoded;
  const { id, name, parallelism, maxParallelism, now, subtasks: raws } = decoded.value;
  const subtasks: Subtask[] = [];
  for (const [nth, raw] of raws.entries()) {
    const sample = toSample(raw, now, atMs);
    if (typeof sample === 'string') return { ok: false, problem: `subtasks.${nth}${sample}` };
    subtasks.push(sample);
  }
  return { ok: true, value: defined<VertexDetail>({ vertexId: id, name, parallelism, maxParallelism, subtasks }) };
}

/** By hand for the same reason as `toIoMetrics`. A text says where it is not what any known Flink version sends. */
function toSample(raw: unknown, nowMs: number | undefined, atMs: number): Subtask | string {
  if (!isObject(raw)) return ': expected an object';
  const { subtask } = raw;
  if (typeof subtask !== 'number' || !Number.isSafeInteger(subtask) || subtask < 0)
    return '.subtask: expected a number from 0 on';
  const metrics = toIoMetrics(raw['metrics']);
  if (metrics === undefined) return '.metrics: expected an object';
  const inStates = raw['status-duration'];
  if (inStates !== undefined && !isObject(inStates)) return '.status-duration: expected an object';
  const state = toTaskState(raw['status']);
  const startMs = toTimestamp(raw['start-time']);
  const sinceMs = state === 'RUNNING' ? runningSinceMs(toCount(inStates?.['RUNNING']), startMs, nowMs) : undefined;
  const taskManagerId = toTaskManagerId(raw['taskmanager-id']);
  const sample: { -readonly [K in keyof Subtask]: Subtask[K] } = {
    subtask,
    atMs,
    state,
    attempt: toCount(raw['attempt']) ?? 0,
  };
  if (startMs !== undefined) sample.startMs = startMs;
  if (sinceMs !== undefined) sample.runningSinceMs = sinceMs;
  if (taskManagerId !== undefined) sample.taskManagerId = taskManagerId;
  const { busyMs, idleMs, backPressuredMs, recordsIn, recordsOut, bytesIn, bytesOut } = metrics;
  if (busyMs !== undefined) sample.busyMs = busyMs;
  if (idleMs !== undefined) sample.idleMs = idleMs;
  if (backPressuredMs !== undefined) sample.backPressuredMs = backPressuredMs;
  if (recordsIn !== undefined) sample.recordsIn = recordsIn;
  if (recordsOut !== undefined) sample.recordsOut = recordsOut;
  if (bytesIn !== undefined) sample.bytesIn = bytesIn;
  if (bytesOut !== undefined) sample.bytesOut = bytesOut;
  return sample;
}

/** When the attempt entered RUNNING. Before 1.16 nothing says it, so the attempt's start stands in for it. */
function runningSinceMs(
  runningMs: number | undefined,
  startMs: number | undefined,
  nowMs: number | undefined,
): number | undefined {
  // A task that runs for longer than there is time is no task.
  return nowMs === undefined || runningMs === undefined || runningMs > nowMs ? startMs : nowMs - runningMs;
}

/** `"(unassigned)"` stands where a subtask has no slot yet. */
const toTaskManagerId = (raw: unknown): string | undefined =>
  typeof raw !== 'string' || raw === '' || raw.startsWith('(') ? undefined : raw;
