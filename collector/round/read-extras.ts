import { toFigure } from '../flink/decode/fields.decode.js';
import { summaryOfSubtasks } from '../flink/metric-summary.js';
import type { VertexRecord } from '../history/vertex-record.js';
import type { VertexSummary } from '../model/index.js';
import { extraGroups, extrasDue, lossesIn, wantsExtraNames } from '../plan/vertex-extras.js';
import type { JobContext } from './round-context.js';

/** Values asked subtask by subtask where Flink's summary is empty: one subtask without the metric empties it. */
const MAX_VALUES = 512;

/** Metrics of operators, connectors and state backends, where it is their turn. */
export async function readExtras(context: JobContext, summary: VertexSummary): Promise<void> {
  const { job, clock } = context;
  const record = job.vertex(summary.vertexId);
  const nowMs = clock.nowMs();
  const turn = {
    vertexId: summary.vertexId,
    runsSinceMs: record.allRunSince(summary, nowMs),
    lastReadMs: record.extrasReadMs,
    lossesReadMs: record.lossesReadMs,
    isWatched: record.isOfInterest(nowMs),
  };
  const due = extrasDue(turn, nowMs);
  if (due === 'none') return;
  record.lossesReadMs = nowMs;
  if (due === 'all') {
    record.extrasReadMs = nowMs;
    if (wantsExtraNames(record.extrasLearntMs, nowMs)) await learnExtras(context, record, nowMs);
  }
  const groups = due === 'all' ? record.extras : lossesIn(record.extras);
  await Promise.all([...groups.values()].map((ids) => readGroup(context, record, summary.parallelism ?? 0, ids)));
}

async function learnExtras({ client, job }: JobContext, record: VertexRecord, nowMs: number): Promise<void> {
  const ids = await client.vertexMetricIds(job.jobId, record.vertexId);
  job.missing.note('/jobs/:jobid/vertices/:vertexid/subtasks/metrics', ids);
  if (!ids.ok || ids.value.length === 0) return;
  record.extras = extraGroups(ids.value);
  record.extrasLearntMs = nowMs;
}

async function readGroup(
  { client, job }: JobContext,
  record: VertexRecord,
  parallelism: number,
  ids: readonly string[],
): Promise<void> {
  const summaries = await client.operatorSummaries(job.jobId, record.vertexId, ids);
  if (!summaries.ok) return;
  if (summaries.value.size > 0) {
    for (const [id, summary] of summaries.value) record.addExtra(id, { ...summary, atMs: summaries.atMs });
    return;
  }
  if (ids.length * parallelism > MAX_VALUES) return;
  const perSubtask = Array.from({ length: parallelism }, (_, subtask) => ids.map((id) => `${subtask}.${id}`)).flat();
  const values = await client.vertexMetrics(job.jobId, record.vertexId, perSubtask);
  if (!values.ok) return;
  for (const id of ids) {
    const figures = Array.from({ length: parallelism }, (_, subtask) => toFigure(values.value.get(`${subtask}.${id}`)));
    const known = figures.filter((figure) => figure !== undefined);
    if (known.length > 0) record.addExtra(id, { ...summaryOfSubtasks(known), atMs: values.atMs });
  }
}
