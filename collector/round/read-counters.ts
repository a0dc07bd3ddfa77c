import { toCount } from '../flink/decode/fields.decode.js';
import type { MetricValues } from '../flink/decode/metrics.decode.js';
import type { VertexRecord } from '../history/vertex-record.js';
import { defined, type SubtaskSample, type VertexDetail, type VertexSummary } from '../model/index.js';
import { COUNTED_SUBTASKS_MAX, isPageDue, wantsCounters } from '../plan/page-turns.js';
import { TASK_COUNTERS, vertexMetricIds } from '../plan/vertex-metrics.js';
import type { JobContext } from './round-context.js';

type Subtask = VertexDetail['subtasks'][number];

/** What the page would have said, and the metrics that it does not have. */
export interface Counted {
  readonly atMs: number;
  readonly subtasks: readonly Subtask[];
  readonly metrics: MetricValues;
}

/** A vertex's counters, from its metrics, where its page still stands; undefined where the page must be read. */
export async function readCounters(
  context: JobContext,
  summary: VertexSummary,
  record: VertexRecord,
  isSource: boolean,
): Promise<Counted | undefined> {
  const { client, job } = context;
  const last = pageStands(context, summary, record);
  if (last === undefined) return undefined;
  const ids = vertexMetricIds({
    parallelism: last.length,
    isSource,
    loadGauges: false,
    counters: true,
    watermarks: true,
    ...(record.sourceOperators === undefined ? {} : { source: record.sourceOperators }),
  });
  // A failure is not noted: the page is read now, and tells.
  const reading = await client.vertexMetrics(job.jobId, summary.vertexId, ids);
  const subtasks = reading.ok ? countedSince(last, reading.value, reading.atMs) : undefined;
  if (!reading.ok || subtasks === undefined) {
    record.countersMissedMs = reading.atMs;
    return undefined;
  }
  return { atMs: reading.atMs, subtasks, metrics: reading.value };
}

/** The subtasks as last read, if nothing but their counters can have changed since the page. */
function pageStands(
  { client, job, clock, beatMs }: JobContext,
  { vertexId, parallelism }: VertexSummary,
  record: VertexRecord,
): readonly SubtaskSample[] | undefined {
  const nowMs = clock.nowMs();
  if (parallelism === undefined || parallelism > COUNTED_SUBTASKS_MAX || record.hasAccumulatedTimes !== true)
    return undefined;
  if (!wantsCounters(record.countersMissedMs, nowMs)) return undefined;
  const { jobId, changedMs } = job;
  if (isPageDue({ jobId, readMs: record.pageReadMs, changedMs, nowMs, beatMs })) return undefined;
  // The reporters tell, at no cost.
  if (client.knowsSubtasks?.(job.jobId, vertexId) === true) return undefined;
  const last = record.lastSamples();
  const isWhole =
    last.length === parallelism && last.every(({ state, idleMs }) => state === 'RUNNING' && idleMs !== undefined);
  return isWhole ? last : undefined;
}

/** Undefined where a counter is not there, or where time would go back: then these are not the counters of the page. */
function countedSince(
  last: readonly SubtaskSample[],
  values: MetricValues,
  atMs: number,
): readonly Subtask[] | undefined {
  const subtasks: Subtask[] = [];
  for (const [subtask, before] of last.entries()) {
    let isWhole = true;
    const count = (name: string): number | undefined => {
      const text = values.get(`${subtask}.${name}`);
      isWhole &&= text !== undefined;
      return toCount(text);
    };
    const { state, attempt, startMs, runningSinceMs, taskManagerId } = before;
    const counted = defined<Subtask>({
      subtask,
      atMs,
      state,
      attempt,
      startMs,
      runningSinceMs,
      taskManagerId,
      busyMs: count(TASK_COUNTERS.busyMs),
      idleMs: count(TASK_COUNTERS.idleMs),
      backPressuredMs: count(TASK_COUNTERS.backPressuredMs),
      recordsIn: count(TASK_COUNTERS.recordsIn),
      recordsOut: count(TASK_COUNTERS.recordsOut),
      bytesIn: count(TASK_COUNTERS.bytesIn),
      bytesOut: count(TASK_COUNTERS.bytesOut),
    });
    if (!isWhole || countedMs(counted) < countedMs(before)) return undefined;
    subtasks.push(counted);
  }
  return subtasks;
}

/** The clock of a subtask: its three times add up to how long it has run (REST-TRUTH fact 1). */
const countedMs = ({ busyMs = 0, idleMs = 0, backPressuredMs = 0 }: SubtaskSample): number =>
  busyMs + idleMs + backPressuredMs;
