import {
  defined,
  deriveSubtask,
  isSettled,
  MinuteLog,
  SETTLE_MS,
  type SubtaskHistory,
  type SubtaskSample,
  type TaskState,
  type VertexHistory,
  type VertexMinute,
} from '../../collector/model/index.js';
import { figureAt, secondsOf, START_MS, STEP_MS, type Figure, type JobSpec, type VertexSpec } from './job-spec.js';

/** A vertex with counters that accumulate as Flink's do, from its figures. */
export function buildVertex(vertexId: string, vertex: VertexSpec, spec: JobSpec): VertexHistory {
  const state = spec.tasks ?? 'RUNNING';
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

function metricsOf(metrics: NonNullable<VertexSpec['metrics']>, spec: JobSpec): NonNullable<VertexHistory['metrics']> {
  const lastMs = (spec.startMs ?? START_MS) + (secondsOf(spec).at(-1) ?? 0) * 1000;
  return new Map(
    Object.entries(metrics).map(([id, readings]) => [
      id,
      readings.map((reading, i) => ({
        atMs: lastMs - (readings.length - 1 - i) * 60_000,
        ...(typeof reading === 'number' ? { min: reading, max: reading, mean: reading, sum: reading } : reading),
      })),
    ]),
  );
}

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
      watermarkMs: undefined,
      pendingRecords: pendingAt(vertex, seconds),
    });
  });
}

/** An even part of the lag: partitions are spread evenly over the readers. */
function pendingAt({ lag, parallelism }: VertexSpec, seconds: number): number | undefined {
  if (lag === undefined) return undefined;
  const total = typeof lag === 'function' ? lag(seconds) : lag[0] + lag[1] * seconds;
  return Math.max(0, Math.round(total / parallelism));
}
