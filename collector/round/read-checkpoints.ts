import type { CheckpointSubtask } from '../model/index.js';
import { checkpointTurns } from '../plan/checkpoint-turns.js';
import { hasCheckpointPages } from '../plan/job-turns.js';
import { checkpointEvent } from './job-changes.js';
import type { JobContext } from './round-context.js';

/** Reads the checkpoints of a job, and the phases of those that are worth it. */
export async function readCheckpoints(context: JobContext): Promise<void> {
  const { client, job, batch, key, clock } = context;
  if (!job.takesCheckpoints || !hasCheckpointPages(job.detail.state)) return;
  const reading = job.missing.note('/jobs/:jobid/checkpoints', await client.checkpoints(job.jobId));
  if (!reading.ok) return;
  if (reading.value === undefined) {
    job.takesCheckpoints = false;
    return;
  }
  const ended = job.checkpoints.add(reading.value);
  for (const checkpoint of ended) {
    batch.checkpoint(key, checkpoint);
    batch.happened(key, checkpointEvent(checkpoint));
  }
  const { checkpoints } = job;
  const turns = checkpointTurns(
    reading.value.history,
    {
      isDone: (id) => checkpoints.isDone(id),
      roundsSinceLast: checkpoints.roundsSinceDetails,
      isCalm: isCalm(context),
      intervalMs: job.checkpointConfig?.intervalMs,
    },
    clock.nowMs(),
  );
  for (const id of turns) await readDetails(context, id);
}

function isCalm({ job, clock }: JobContext): boolean {
  const nowMs = clock.nowMs();
  return job.vertices
    .map(({ vertexId }) => job.vertex(vertexId))
    .every((record) => !record.isOfInterest(nowMs) && !record.watermarkStands);
}

/** Phases of every subtask in one checkpoint; one request per vertex. */
async function readDetails(context: JobContext, id: number): Promise<void> {
  const { client, job, batch, key } = context;
  const details: CheckpointSubtask[] = [];
  for (const { vertexId } of job.vertices) {
    const reading = await client.checkpointSubtasks(job.jobId, id, vertexId);
    if (reading.ok) details.push(...reading.value);
    // Flink has evicted the checkpoint, or this vertex took no part because it had finished.
    else if (reading.failure.kind !== 'not-found') return;
  }
  if (details.length === 0) {
    job.checkpoints.giveUpDetails(id);
    return;
  }
  const detailed = job.checkpoints.addDetails(id, details);
  if (detailed !== undefined && detailed.status !== 'IN_PROGRESS') batch.checkpoint(key, detailed);
}
