import { z } from 'zod';
import { defined, type JobDetail, type JobState, type VertexSummary } from '../../model/index.js';
import { fromSchema } from './body.decode.js';
import {
  count,
  id32,
  jobState,
  optionalText,
  taskCounts,
  timestamp,
  timestampOrZero,
  toJobState,
  toTimestamp,
} from './fields.decode.js';
import { ioMetrics } from './io-metrics.decode.js';
import { plan } from './plan.decode.js';

const vertex = z
  .object({
    id: id32,
    name: z.string(),
    parallelism: count,
    maxParallelism: count,
    tasks: taskCounts,
    'start-time': timestamp,
    slotSharingGroupId: optionalText,
    metrics: ioMetrics,
  })
  .transform((raw) =>
    defined<VertexSummary>({
      vertexId: raw.id,
      name: raw.name,
      parallelism: raw.parallelism,
      maxParallelism: raw.maxParallelism,
      tasks: raw.tasks,
      startMs: raw['start-time'],
      slotSharingGroupId: raw.slotSharingGroupId,
      recordsIn: raw.metrics.recordsIn,
      recordsOut: raw.metrics.recordsOut,
      busyMs: raw.metrics.busyMs,
      idleMs: raw.metrics.idleMs,
      backPressuredMs: raw.metrics.backPressuredMs,
    }),
  );

/** `{RUNNING: ms, …}`; 0 means that the job never entered the state. */
const stateTimes = z
  .record(z.string(), z.unknown())
  .optional()
  .transform((raw = {}) => {
    const since: Partial<Record<JobState, number>> = {};
    for (const [key, value] of Object.entries(raw)) {
      const state = toJobState(key);
      const atMs = toTimestamp(value);
      if (state !== 'UNKNOWN' && atMs !== undefined) since[state] = atMs;
    }
    return since;
  });

function toType(...words: readonly (string | undefined)[]): JobDetail['type'] {
  const word = words.find((candidate) => candidate === 'STREAMING' || candidate === 'BATCH');
  return word === 'STREAMING' || word === 'BATCH' ? word : 'UNKNOWN';
}

/** `GET /jobs/:jobid`; no vertices while the job initialises. */
export const decodeJob = fromSchema(
  z
    .object({
      jid: id32,
      name: z.string(),
      state: jobState,
      'job-type': optionalText,
      'start-time': timestampOrZero,
      'end-time': timestamp,
      timestamps: stateTimes,
      maxParallelism: count,
      vertices: z.array(vertex),
      plan,
    })
    .transform((raw) =>
      defined<JobDetail>({
        jobId: raw.jid,
        name: raw.name,
        state: raw.state,
        type: toType(raw['job-type'], raw.plan.type),
        startMs: raw['start-time'],
        endMs: raw['end-time'],
        stateSinceMs: raw.timestamps,
        maxParallelism: raw.maxParallelism,
        vertices: raw.vertices,
        edges: raw.plan.edges,
      }),
    ),
);
