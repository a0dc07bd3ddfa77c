import type { VertexSummary } from '../model/index.js';
import { vertexTurns, type VertexTurn } from '../plan/vertex-turns.js';
import { readExtras } from './read-extras.js';
import { readSummary } from './read-summary.js';
import { readVertex } from './read-vertex.js';
import type { JobContext } from './round-context.js';

/** Reads the vertices of a job: subtask by subtask those whose turn it is, the others in one summary each. */
export async function readVertices(context: JobContext): Promise<void> {
  const { job, clock, beatMs } = context;
  const nowMs = clock.nowMs();
  const turns = job.vertices.map((summary) => turnOf(context, summary, nowMs));
  const { jobId, subtasksSaved } = job;
  const { read, subtasksLeft } = vertexTurns(turns, { jobId, subtasksSaved, nowMs, beatMs });
  job.subtasksSaved = subtasksLeft;
  await Promise.all(
    job.vertices.flatMap((summary) => [
      read.has(summary.vertexId) ? readVertex(context, summary) : readSummary(context, summary),
      readExtras(context, summary),
    ]),
  );
}

function turnOf({ client, job }: JobContext, summary: VertexSummary, nowMs: number): VertexTurn {
  const record = job.vertex(summary.vertexId);
  return {
    vertexId: summary.vertexId,
    parallelism: summary.parallelism ?? 0,
    lastReadMs: record.subtasksReadMs,
    isWanted: record.isOfInterest(nowMs) || isStarting(summary),
    isFree: client.knowsSubtasks?.(job.jobId, summary.vertexId) ?? false,
  };
}

/** Some of its tasks are on their way to RUNNING, or are being replaced. */
function isStarting({ tasks, parallelism }: VertexSummary): boolean {
  const settled = (tasks.RUNNING ?? 0) + (tasks.FINISHED ?? 0);
  return parallelism !== undefined && settled < parallelism && Object.values(tasks).some((count) => count > 0);
}
