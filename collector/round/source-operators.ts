import type { VertexRecord } from '../history/vertex-record.js';
import type { Edge } from '../model/index.js';
import { wantsMetricListAgain } from '../plan/job-turns.js';
import { findSourceOperators } from '../plan/vertex-metrics.js';
import type { JobContext } from './round-context.js';

export const isSourceVertex = (edges: readonly Edge[], vertexId: string): boolean =>
  !edges.some((edge) => edge.toVertexId === vertexId);

/**
 * The names of a source's operators, from a list that is the same for any parallelism. It is empty for the first seconds
 * of a task, and `pendingRecords` may come later than the rest: so an empty list is asked for again at once, one without
 * `pendingRecords` for two minutes more and then now and again.
 */
export async function learnSourceOperators(context: JobContext, record: VertexRecord): Promise<void> {
  const { client, job } = context;
  const known = record.sourceOperators;
  if (known !== undefined) {
    if (known.pendingRecords.length > 0) return;
    if (!wantsMetricListAgain(job.roundsRead - record.sourceOperatorsRound)) return;
  }
  const ids = await client.vertexMetricIds(job.jobId, record.vertexId);
  if (!ids.ok || ids.value.length === 0) return;
  if (record.sourceOperators === undefined) record.sourceOperatorsRound = job.roundsRead;
  record.sourceOperators = findSourceOperators(ids.value);
}
