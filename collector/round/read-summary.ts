import type { MetricSummaries } from '../flink/decode/metrics.decode.js';
import { defined, type VertexReading, type VertexSummary } from '../model/index.js';
import { SUMMARY_IDS } from '../plan/vertex-metrics.js';
import { isSourceVertex, learnSourceOperators } from './source-operators.js';
import type { JobContext } from './round-context.js';

const MS_PER_SECOND = 1000;

/** Reads one vertex in summary: maximum and mean of its load, and what waits before a source. */
export async function readSummary(context: JobContext, { vertexId }: VertexSummary): Promise<void> {
  const { client, job } = context;
  const record = job.vertex(vertexId);
  const isSource = isSourceVertex(job.edges, vertexId);
  if (isSource) await learnSourceOperators(context, record);
  const pendingIds = (record.sourceOperators?.pendingRecords ?? []).map((operator) => `${operator}.pendingRecords`);
  // Asked apart: a reader without a split has no pendingRecords, and one value that is not there empties the whole answer.
  const [load, pending] = await Promise.all([
    client.vertexSummaries(job.jobId, vertexId, isSource ? SUMMARY_IDS : [...SUMMARY_IDS, 'currentInputWatermark']),
    pendingIds.length === 0 ? undefined : client.vertexSummaries(job.jobId, vertexId, pendingIds),
  ]);
  job.missing.note('/jobs/:jobid/vertices/:vertexid/subtasks/metrics', load);
  if (!load.ok || load.value.size === 0) return;
  const reading = readingOf(load.value, pending?.ok === true ? pending.value : undefined, load.atMs);
  record.addReading(reading);
  context.batch.vertex(context.key, vertexId, reading);
}

function readingOf(load: MetricSummaries, pending: MetricSummaries | undefined, atMs: number): VertexReading {
  const busy = load.get('busyTimeMsPerSecond');
  const pressured = load.get('backPressuredTimeMsPerSecond');
  const ratio = (msPerSecond: number | undefined): number | undefined =>
    msPerSecond === undefined || msPerSecond < 0 ? undefined : Math.min(1, msPerSecond / MS_PER_SECOND);
  const waiting = [...(pending?.values() ?? [])].flatMap(({ sum }) => sum ?? []);
  return defined<VertexReading>({
    atMs,
    busyMaxRatio: ratio(busy?.max),
    busyMeanRatio: ratio(busy?.mean),
    backPressuredMaxRatio: ratio(pressured?.max),
    backPressuredMeanRatio: ratio(pressured?.mean),
    recordsInPerSecond: load.get('numRecordsInPerSecond')?.sum,
    recordsOutPerSecond: load.get('numRecordsOutPerSecond')?.sum,
    pendingRecords: waiting.length === 0 ? undefined : waiting.reduce((sum, records) => sum + records, 0),
    watermarkMs: load.get('currentInputWatermark')?.min,
  });
}
