import type { MetricReading, VertexHistory } from '../../collector/model/index.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { mean, present } from '../../analyzer/numbers.js';
import { text, type Text } from '../../analyzer/text.js';

/** Metrics of operators are read every one to five minutes: a quarter of an hour holds three looks at least. */
export const METRIC_WINDOW_MS = 15 * 60_000;
/** An older reading says nothing of now: two quiet turns of five minutes, and a minute. */
const FRESH_MS = 11 * 60_000;

/** Readings of one metric of one operator, since the tasks run. */
export interface OperatorMetric {
  readonly vertex: VertexHistory;
  readonly id: string;
  readonly readings: readonly MetricReading[];
}

/** Every metric of that name in a vertex; ids end with it, after the operator and what Flink puts between. */
export function metricsNamed(
  vertex: VertexHistory,
  names: readonly string[],
  job: JobFacts,
  nowMs: number,
): readonly OperatorMetric[] {
  const sinceMs = Math.max(job.allRunningSinceMs ?? 0, nowMs - METRIC_WINDOW_MS);
  return [...(vertex.metrics ?? [])]
    .filter(([id]) => names.some((name) => id === name || id.endsWith(`.${name}`)))
    .map(([id, all]) => ({ vertex, id, readings: all.filter(({ atMs }) => atMs >= sinceMs && atMs <= nowMs) }))
    .filter(({ readings }) => nowMs - (readings.at(-1)?.atMs ?? 0) <= FRESH_MS);
}

/** What a counter grew by over all subtasks. */
export interface Growth extends OperatorMetric {
  readonly grown: number;
  /** In the newest step: whether it still goes on. */
  readonly grownLast: number;
  readonly fromMs: number;
  readonly windowMs: number;
}

/** Undefined with fewer than two readings. A step back is a restart, and counts as none. */
export function growthOf(metric: OperatorMetric): Growth | undefined {
  const points = metric.readings.flatMap(({ atMs, sum }) => (sum === undefined ? [] : [{ atMs, sum }]));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  const steps = points.slice(1).map(({ sum }, i) => Math.max(0, sum - (points[i]?.sum ?? 0)));
  return {
    ...metric,
    grown: steps.reduce((total, step) => total + step, 0),
    grownLast: steps.at(-1) ?? 0,
    fromMs: first.atMs,
    windowMs: last.atMs - first.atMs,
  };
}

/** The counter of a vertex that grew most: aliases of one counter and operators of one chain are not added up. */
export function mostGrown(
  vertex: VertexHistory,
  names: readonly string[],
  job: JobFacts,
  nowMs: number,
): Growth | undefined {
  return present(metricsNamed(vertex, names, job, nowMs).map(growthOf)).sort((a, b) => b.grown - a.grown)[0];
}

/** Records that went into a vertex in the time of a growth, by its minutes; undefined where none is known. */
export function recordsMeanwhile({ vertex, fromMs, windowMs }: Growth): number | undefined {
  const minutes = vertex.minutes.filter(({ startMs }) => startMs + 60_000 > fromMs && startMs < fromMs + windowMs);
  const rate = mean(present(minutes.map(({ recordsInPerSecond }) => recordsInPerSecond)));
  return rate === undefined || rate <= 0 ? undefined : (rate * windowMs) / 1000;
}

/** Readings of a metric of the tasks themselves since they run, oldest first; empty where it is not told, or not any more. */
export function taskReadings(
  { metrics }: VertexHistory,
  name: string,
  job: JobFacts,
  nowMs: number,
): readonly MetricReading[] {
  const all = metrics?.get(name);
  if (all === undefined || nowMs - (all.at(-1)?.atMs ?? 0) > FRESH_MS) return [];
  const sinceMs = Math.max(job.allRunningSinceMs ?? 0, nowMs - METRIC_WINDOW_MS);
  return all.filter(({ atMs }) => atMs >= sinceMs && atMs <= nowMs);
}

/** The newest of so many last looks that all are so: one alone may be a moment. */
export function lastLooks(
  readings: readonly MetricReading[],
  count: number,
  holds: (reading: MetricReading) => boolean,
): MetricReading | undefined {
  const last = readings.slice(-count);
  return last.length === count && last.every(holds) ? last.at(-1) : undefined;
}

/** The newest reading of a gauge. */
export function latest({ readings }: OperatorMetric): MetricReading | undefined {
  return readings.at(-1);
}

/** The vertices have no such metric, or were looked at less than twice. */
export function metricNotRead(names: string, where: Text): { readonly notEvaluated: Text } {
  return {
    notEvaluated: text(
      `${where.en} has told ${names} twice yet: it is not registered there, or was not read`,
      `${where['zh-CN']} 尚未两次报告 ${names}：未注册该指标，或尚未读取`,
    ),
  };
}

export const NO_VERTEX = text('no vertex', '没有顶点');
export const NO_SOURCE = text('no source', '没有源端');
export const NO_SINK = text('no sink', '没有 Sink');
