import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import type { JobHistory } from '../../collector/model/index.js';

/** How long the tasks have run: what a setting has held for. At least 1 ms, because evidence has a window. */
export function runningMs(job: JobFacts, nowMs: number): number {
  return Math.max(1, nowMs - (job.allRunningSinceMs ?? job.stateSinceMs ?? nowMs));
}

/** A keyed exchange: what is behind it holds state by key, as far as a job graph can show. */
export function isKeyed(job: JobFacts): boolean {
  return job.topology.edges.some(({ shipStrategy }) => shipStrategy === 'HASH');
}

export function keyedVertexIds(job: JobFacts): readonly string[] {
  return job.topology.vertexIds.filter((id) => isKeyedVertex(job, id));
}

export function isKeyedVertex(job: JobFacts, vertexId: string): boolean {
  return job.topology.inputsOf(vertexId).some(({ shipStrategy }) => shipStrategy === 'HASH');
}

export function isOnDisk(history: JobHistory): boolean {
  return /rocksdb|forst/i.test(history.checkpointConfig?.stateBackend ?? '');
}
