import {
  defined,
  deriveSubtask,
  isSettled,
  MinuteLog,
  SETTLE_MS,
  type MetricReading,
  type SubtaskHistory,
  type SubtaskSample,
  type TaskState,
  type VertexHistory,
  type VertexMinute,
} from '../../collector/model/index.js';
import {
  figureAt,
  secondsOf,
  START_MS,
  STEP_MS,
  type Figure,
  type JobSpec,
  type MetricLook,
  type MetricSpec,
  type VertexSpec,
} from './job-spec.js';

/** A vertex with counters that accumulate as Flink's do, from its figures. */
export function buildVertex(vertexId: string, vertex: VertexSpec, spec: JobSpec): VertexHistory {
  const state = vertex.finished === true ? 'FINISHED' : (spec.tasks ?? 'RUNNING');
  const subtasks = Array.from({ length: vertex.parallelism }, (_, subtask) => ({
    subtask,
    samples: (state === 'RUNNING' ? running(vertexId, vertex, spec, subtask) : waiting(spec, state)).filter(
      (_sample, step) => step % (vertex.readEvery ?? 1) === 0,
    ),
  }));
  return {
    vertexId,
    name: vertex.name ?? vertexId,
    parallelism: vertex.parallelism,
    maxParallelism: vertex.maxParallelism ?? 128,
    tasks: { [state]: vertex.parallelism },
    slotSharingGroupId: vertex.slotSharingGroup ?? 'default',
    subtasks,
    minutes: minutesOf(subtasks),
    ...(vertex.metrics === undefined ? {} : { metrics: metricsOf(vertex.metrics, spec) }),
  };
}

const METRICS_EVERY_SECONDS = 60;
/** As many as the collector keeps. */
const METRIC_READINGS_MAX = 10;

function metricsOf(metrics: Readonly<Record<string, MetricSpec>>, spec: JobSpec): ReadonlyMap<string, MetricReading[]> {
  return new Map(Object.entries(metrics).map(([id, metric]) => [id, readingsOf(metric, spec)]));
}

function readingsOf(metric: MetricSpec, spec: JobSpec): MetricReading[] {
  const startMs = spec.startMs ?? START_MS;
  const seconds = secondsOf(spec);
  if (typeof metric === 'object') {
    const lastMs = startMs + (seconds.at(-1) ?? 0) * 1000;
    const stepMs = METRICS_EVERY_SECONDS * 1000;
    return metric.map((look, i) => toReading(look, lastMs - (metric.length - 1 - i) * stepMs));
  }
  const looks = seconds.filter((second) => second > 0 && second % METRICS_EVERY_SECONDS === 0);
  return looks
    .slice(-METRIC_READINGS_MAX)
    .map((second) => toReading(typeof metric === 'function' ? metric(second) : metric, startMs + second * 1000));
}

const toReading = (look: MetricLook, atMs: number): MetricReading => ({
  atMs,
  ...(typeof look === 'number' ? { min: look, max: look, mean: look, sum: look } : look),
});

const MINUTES_MAX = 45;

/** The minutes that the collector would have kept of these readings. */
function minutesOf(subtasks: readonly SubtaskHistory[]): readonly VertexMinute[] {
  const log = new MinuteLog(MINUTES_MAX);
  const readings = Math.max(0, ...subtasks.map(({ samples }) => samples.length));
  for (let i = 1; i < readings; i += 1) {
    for (const { subtask, samples } of subtasks) {
      const [before, sample] = [samples[i - 1], samples[i]];
      if (before === undefined || sample?.state !== 'RUNNING' || !isSettled(before, SETTLE_MS)) continue;
      log.add(subtask, deriveSubtask(before, sample), before.atMs, sample.atMs);
    }
    const atMs = subtasks[0]?.samples[i]?.atMs;
    if (atMs !== undefined) log.endReading(atMs);
  }
  return log.minutes;
}

function waiting(spec: JobSpec, state: TaskState): SubtaskSample[] {
  return secondsOf(spec).map((seconds) => ({
    atMs: (spec.startMs ?? START_MS) + seconds * 1000,
    state,
    attempt: spec.attempt ?? 0,
  }));
}

function running(vertexId: string, vertex: VertexSpec, spec: JobSpec, subtask: number): SubtaskSample[] {
  const startMs = spec.startMs ?? START_MS;
  const isFeeding = Object.values(spec.vertices).some(({ inputs = {} }) => vertexId in inputs);
  const out = vertex.out ?? (isFeeding ? vertex.in : undefined);
  const busy = vertex.busy === 'unknown' ? undefined : (vertex.busy ?? 0.02);
  const totals = { busyMs: 0, idleMs: 0, backPressuredMs: 0, recordsIn: 0, recordsOut: 0 };
  return secondsOf(spec).map((seconds) => {
    if (seconds > 0) {
      const at = (figure: Figure | undefined): number => figureAt(figure, seconds, subtask);
      const [busyRatio, bpRatio] = [busy === undefined ? 0 : at(busy), at(vertex.bp)];
      totals.busyMs += busyRatio * STEP_MS;
      totals.backPressuredMs += bpRatio * STEP_MS;
      totals.idleMs += Math.max(0, 1 - busyRatio - bpRatio) * STEP_MS;
      totals.recordsIn += (at(vertex.in) * STEP_MS) / 1000;
      totals.recordsOut += (at(out) * STEP_MS) / 1000;
    }
    return defined<SubtaskSample>({
      atMs: startMs + seconds * 1000,
      state: 'RUNNING',
      attempt: spec.attempt ?? 0,
      startMs: startMs - 2000,
      runningSinceMs: startMs,
      taskManagerId: `tm-${(vertex.on?.[subtask] ?? 0) + 1}`,
      busyMs: busy === undefined ? undefined : Math.round(totals.busyMs),
      idleMs: Math.round(totals.idleMs),
      backPressuredMs: Math.round(totals.backPressuredMs),
      recordsIn: Math.round(totals.recordsIn),
      recordsOut: Math.round(totals.recordsOut),
      bytesIn: Math.round(totals.recordsIn * 100),
      bytesOut: Math.round(totals.recordsOut * 100),
      watermarkMs: isWatermarkAsked(vertex, seconds) ? watermarkAt(vertex, startMs, seconds, subtask) : undefined,
      pendingRecords: vertex.noSplit?.includes(subtask) === true ? undefined : pendingAt(vertex, seconds, subtask),
    });
  });
}

/** A source tells it in every beat; others are asked once a minute, and in every beat once it stood for one. */
function isWatermarkAsked(vertex: VertexSpec, seconds: number): boolean {
  if (Object.keys(vertex.inputs ?? {}).length === 0 || seconds % 60 === 0) return true;
  const minute = seconds - (seconds % 60);
  const lowestAt = (at: number): number =>
    Math.min(...Array.from({ length: vertex.parallelism }, (_, i) => watermarkAt(vertex, 0, at, i) ?? NaN));
  return minute >= 60 && lowestAt(minute) === lowestAt(minute - 60);
}

function watermarkAt(vertex: VertexSpec, startMs: number, seconds: number, subtask: number): number | undefined {
  const sinceMs = vertex.watermark?.(seconds, subtask);
  return sinceMs === undefined ? undefined : startMs + sinceMs;
}

/** What waits for this reader, or an even part of the lag: partitions are spread evenly over the readers. */
function pendingAt({ lag, waiting, parallelism }: VertexSpec, seconds: number, subtask: number): number | undefined {
  if (waiting !== undefined) return Math.max(0, Math.round(figureAt(waiting, seconds, subtask)));
  if (lag === undefined) return undefined;
  const total = typeof lag === 'function' ? lag(seconds) : lag[0] + lag[1] * seconds;
  return Math.max(0, Math.round(total / parallelism));
}
