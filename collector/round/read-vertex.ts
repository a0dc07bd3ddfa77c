import { capabilitiesOf, hasAccumulatedTimes } from '../flink/capabilities.js';
import type { MetricValues } from '../flink/decode/metrics.decode.js';
import type { VertexRecord } from '../history/vertex-record.js';
import type { VertexDetail, VertexSummary } from '../model/index.js';
import { wantsMetricListAgain } from '../plan/job-turns.js';
import { findSourceOperators, vertexMetricIds } from '../plan/vertex-metrics.js';
import { withReportedCounts, type VertexPlace } from './reported-counts.js';
import type { JobContext } from './round-context.js';
import { inputWatermark, loadGauges, sourceExtras, type SubtaskExtras } from './subtask-metrics.js';

type Reading = VertexDetail['subtasks'][number];

/** Reads one vertex: its page, and the metrics that page does not have. */
export async function readVertex(context: JobContext, summary: VertexSummary): Promise<void> {
  const { client, job } = context;
  const record = job.vertex(summary.vertexId);
  if (isSettled(record, summary)) return;
  const place = placeOf(context, summary.vertexId);
  if (place.isSource) await learnSourceOperators(context, record);
  const needsGauges = needsLoadGauges(context, record);
  const [detail, metrics] = await Promise.all([
    client.vertex(job.jobId, summary.vertexId),
    readMetrics(context, summary, record, place, needsGauges),
  ]);
  if (!job.missing.note('/jobs/:jobid/vertices/:vertexid', detail).ok || !detail.ok) return;
  record.hasAccumulatedTimes ??= hasAccumulatedTimes(detail.value);
  for (const reading of detail.value.subtasks) keep(context, record, place, reading, metrics, needsGauges);
}

/** All subtasks have finished and were seen finished: nothing will change any more. */
function isSettled(record: VertexRecord, summary: VertexSummary): boolean {
  const { parallelism } = summary;
  if (parallelism === undefined || summary.tasks.FINISHED !== parallelism) return false;
  const last = record.lastSamples();
  return last.length >= parallelism && last.every((sample) => sample.state === 'FINISHED');
}

function placeOf(context: JobContext, vertexId: string): VertexPlace {
  const { edges } = context.job;
  return {
    isSource: !edges.some((edge) => edge.toVertexId === vertexId),
    isSink: !edges.some((edge) => edge.fromVertexId === vertexId),
  };
}

/**
 * The names of a source's operators, from a list that is the same for any parallelism. It is empty for the first seconds
 * of a task, and `pendingRecords` may come later than the rest: so an empty list is asked for again at once, one without
 * `pendingRecords` for two minutes more and then now and again.
 */
async function learnSourceOperators(context: JobContext, record: VertexRecord): Promise<void> {
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

/** Before anything was seen the version decides, then what was seen. */
function needsLoadGauges(context: JobContext, record: VertexRecord): boolean {
  if (record.hasAccumulatedTimes !== undefined) return !record.hasAccumulatedTimes;
  const version = context.cluster.overview?.flinkVersion;
  return version !== undefined && !capabilitiesOf(version).accumulatedTimes;
}

async function readMetrics(
  context: JobContext,
  summary: VertexSummary,
  record: VertexRecord,
  place: VertexPlace,
  needsGauges: boolean,
): Promise<MetricValues> {
  const { client, job } = context;
  const ids = vertexMetricIds({
    parallelism: summary.parallelism ?? 0,
    isSource: place.isSource,
    loadGauges: needsGauges,
    ...(record.sourceOperators === undefined ? {} : { source: record.sourceOperators }),
  });
  if (ids.length === 0) return new Map();
  const reading = await client.vertexMetrics(job.jobId, summary.vertexId, ids);
  job.missing.note('/jobs/:jobid/vertices/:vertexid/metrics', reading);
  return reading.ok ? reading.value : new Map();
}

function keep(
  context: JobContext,
  record: VertexRecord,
  place: VertexPlace,
  reading: Reading,
  metrics: MetricValues,
  needsGauges: boolean,
): void {
  const { subtask, ...sample } = reading;
  // Without figures Flink has only placeholders for this subtask: nothing but its state is kept.
  const isComplete = sample.recordsIn !== undefined;
  const extras = isComplete ? extrasOf(record, place, metrics, subtask) : {};
  const gauges = needsGauges && isComplete ? loadGauges(metrics, subtask) : undefined;
  const kept = record.add(subtask, withReportedCounts(sample, place, extras), gauges);
  if (kept !== undefined) context.batch.subtask(context.key, record.vertexId, subtask, kept.sample, kept.rates);
}

function extrasOf(record: VertexRecord, place: VertexPlace, metrics: MetricValues, subtask: number): SubtaskExtras {
  if (!place.isSource) return inputWatermark(metrics, subtask);
  return record.sourceOperators === undefined ? {} : sourceExtras(metrics, subtask, record.sourceOperators);
}
