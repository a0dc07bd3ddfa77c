import { capabilitiesOf, hasAccumulatedTimes } from '../flink/capabilities.js';
import type { MetricValues } from '../flink/decode/metrics.decode.js';
import type { KeptSample, NewSample, VertexRecord } from '../history/vertex-record.js';
import type { VertexDetail, VertexSummary } from '../model/index.js';
import { wantsWatermarks } from '../plan/job-turns.js';
import type { Interest } from '../plan/vertex-interest.js';
import { vertexMetricIds } from '../plan/vertex-metrics.js';
import { readCounters, type Counted } from './read-counters.js';
import { withReportedCounts, type VertexPlace } from './reported-counts.js';
import type { JobContext } from './round-context.js';
import { isSourceVertex, learnSourceOperators } from './source-operators.js';
import { inputWatermark, loadGauges, sourceExtras, type SubtaskExtras } from './subtask-metrics.js';

type Reading = VertexDetail['subtasks'][number];

/** Reads one vertex, all its subtasks: by its counters while its page stands, else by its page and the metrics that does not have. */
export async function readVertex(context: JobContext, summary: VertexSummary): Promise<void> {
  const record = context.job.vertex(summary.vertexId);
  if (isSettled(record, summary)) return;
  const place = placeOf(context, summary.vertexId);
  if (place.isSource) await learnSourceOperators(context, record);
  const counted = await readCounters(context, summary, record, place.isSource);
  if (counted === undefined) await readPage(context, summary, record, place);
  else keep(context, record, place, counted, false);
}

async function readPage(
  context: JobContext,
  summary: VertexSummary,
  record: VertexRecord,
  place: VertexPlace,
): Promise<void> {
  const { client, job } = context;
  const needsGauges = needsLoadGauges(context, record);
  const [detail, metrics] = await Promise.all([
    client.vertex(job.jobId, summary.vertexId),
    readMetrics(context, summary, record, place, needsGauges),
  ]);
  if (!job.missing.note('/jobs/:jobid/vertices/:vertexid', detail).ok || !detail.ok) return;
  record.pageReadMs = detail.atMs;
  record.hasAccumulatedTimes ??= hasAccumulatedTimes(detail.value);
  const { subtasks } = detail.value;
  if (subtasks.some(({ state }) => state !== 'RUNNING' && state !== 'FINISHED')) job.noteChange(detail.atMs);
  keep(context, record, place, { atMs: detail.atMs, subtasks, metrics }, needsGauges);
}

function keep(
  context: JobContext,
  record: VertexRecord,
  place: VertexPlace,
  { atMs, subtasks, metrics }: Counted,
  needsGauges: boolean,
): void {
  record.subtasksReadMs = atMs;
  const kept = record.add(
    atMs,
    subtasks.map((reading) => newSample(record, place, reading, metrics, needsGauges)),
  );
  for (const { subtask, sample, rates } of kept)
    context.batch.subtask(context.key, record.vertexId, subtask, sample, rates);
  record.noteInterest(interestOf(kept), atMs);
  if (!place.isSource) noteWatermark(record, kept);
}

/** Told only in some beats; one that stands is asked for in every beat, so that it is soon known for how long. */
function noteWatermark(record: VertexRecord, kept: readonly KeptSample[]): void {
  const told = kept.flatMap(({ sample }) => sample.watermarkMs ?? []);
  if (told.length > 0) record.noteWatermark(Math.min(...told));
}

function interestOf(kept: readonly KeptSample[]): Interest {
  let [told, busySum, busyMaxRatio, backPressuredMaxRatio] = [0, 0, 0, 0];
  for (const { rates } of kept) {
    if (rates.backPressuredRatio !== undefined)
      backPressuredMaxRatio = Math.max(backPressuredMaxRatio, rates.backPressuredRatio);
    if (rates.busyRatio === undefined) continue;
    told += 1;
    busySum += rates.busyRatio;
    busyMaxRatio = Math.max(busyMaxRatio, rates.busyRatio);
  }
  return told === 0 ? {} : { busyMaxRatio, busyMeanRatio: busySum / told, backPressuredMaxRatio };
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
    isSource: isSourceVertex(edges, vertexId),
    isSink: !edges.some((edge) => edge.fromVertexId === vertexId),
  };
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
  const watermarks = record.watermarkStands || wantsWatermarks(job.jobId, job.roundsRead, record.watermarksRound);
  if (watermarks) record.watermarksRound = job.roundsRead;
  const ids = vertexMetricIds({
    parallelism: summary.parallelism ?? 0,
    isSource: place.isSource,
    loadGauges: needsGauges,
    counters: false,
    watermarks,
    ...(record.sourceOperators === undefined ? {} : { source: record.sourceOperators }),
  });
  if (ids.length === 0) return new Map();
  const reading = await client.vertexMetrics(job.jobId, summary.vertexId, ids);
  job.missing.note('/jobs/:jobid/vertices/:vertexid/metrics', reading);
  return reading.ok ? reading.value : new Map();
}

function newSample(
  record: VertexRecord,
  place: VertexPlace,
  reading: Reading,
  metrics: MetricValues,
  needsGauges: boolean,
): NewSample {
  const { subtask } = reading;
  // Without figures Flink has only placeholders for this subtask: nothing but its state is kept.
  const isComplete = reading.recordsIn !== undefined;
  const extras = isComplete ? extrasOf(record, place, metrics, subtask) : {};
  return {
    subtask,
    sample: withReportedCounts(reading, place, extras),
    ...(needsGauges && isComplete ? { gauges: loadGauges(metrics, subtask) } : {}),
  };
}

function extrasOf(record: VertexRecord, place: VertexPlace, metrics: MetricValues, subtask: number): SubtaskExtras {
  if (!place.isSource) return inputWatermark(metrics, subtask);
  return record.sourceOperators === undefined ? {} : sourceExtras(metrics, subtask, record.sourceOperators);
}
