import type * as wire from '../../contract.js';
import type { JobReport } from '../../../analyzer/engine/analyze.js';
import type { VertexLoad } from '../../../analyzer/signals/load.js';
import { isPressured } from '../../../analyzer/graph/localise.js';
import { max, mean, present } from '../../../analyzer/numbers.js';
import { defined } from '../../../analyzer/signals/load.js';
import { recommendedParallelism } from './recommended.js';

/** From here on a vertex is shown as near its limit, and under it as idle. */
const LIMIT_BUSY = 0.8;
const IDLE_BUSY = 0.05;

export function presentVertices(report: JobReport): wire.VertexFigures[] {
  return presentAll(report, presentSubtasks);
}

/** Without their subtasks: of a job with a thousand these are most of the work. */
export function presentVerticesAlone(report: JobReport): wire.VertexFigures[] {
  return presentAll(report, () => []);
}

function presentAll(report: JobReport, subtasksOf: typeof presentSubtasks): wire.VertexFigures[] {
  const load = report.signals.get('load');
  const loads = load.ok ? load.value : new Map<string, VertexLoad>();
  const recommended = recommendedParallelism(report);
  return report.signals.job.topology.order.flatMap((vertexId) => {
    const vertex = report.history.vertices.find((candidate) => candidate.vertexId === vertexId);
    if (vertex === undefined) return [];
    const load = loads.get(vertexId);
    return [
      presentVertex(report, vertex, load, {
        recommended: recommended.get(vertexId),
        subtasks: subtasksOf(vertex, load),
      }),
    ];
  });
}

function presentVertex(
  report: JobReport,
  vertex: JobReport['history']['vertices'][number],
  load: VertexLoad | undefined,
  more: { readonly recommended: number | undefined; readonly subtasks: wire.SubtaskFigures[] },
): wire.VertexFigures {
  const { topology } = report.signals.job;
  const { vertexId } = vertex;
  const lag = report.signals.get('lag');
  const source = lag.ok ? lag.value.sources.find((candidate) => candidate.vertexId === vertexId) : undefined;
  const rates = present((load?.subtasks ?? []).map(({ recordsInPerSecond }) => recordsInPerSecond));
  const average = mean(rates);
  const isSource = topology.isSource(vertexId);
  return {
    vertexId,
    name: vertex.name,
    isSource,
    isSink: topology.isSink(vertexId),
    tasks: definedCounts(vertex.tasks),
    mark: markOf(report, vertexId, load),
    subtasks: more.subtasks,
    ...defined({
      parallelism: vertex.parallelism,
      maxParallelism: vertex.maxParallelism,
      busyRatioMax: load?.busyMax,
      busyRatioMean: load?.busyMean,
      backPressuredRatioMax: load?.backPressuredMax,
      idleRatioMean: load?.idleMean,
      recordsInPerSecond: isSource ? undefined : load?.recordsInPerSecond,
      recordsOutPerSecond: isSource
        ? (source?.consumedPerSecond ?? load?.recordsOutPerSecond)
        : load?.recordsOutPerSecond,
      skewRatio: average === undefined || average === 0 || isSource ? undefined : (max(rates) ?? 0) / average,
      pendingRecords: source?.lagRecords,
      lagSeconds: source?.lagSeconds,
      recommendedParallelism: more.recommended,
    }),
  };
}

function presentSubtasks(
  vertex: JobReport['history']['vertices'][number],
  load: VertexLoad | undefined,
): wire.SubtaskFigures[] {
  const loads = new Map(load?.subtasks.map((one) => [one.subtask, one]));
  return vertex.subtasks.flatMap(({ subtask, samples }) => {
    const last = samples.at(-1);
    const now = loads.get(subtask);
    if (last === undefined) return [];
    return [
      {
        subtask,
        state: last.state,
        attempt: last.attempt,
        ...defined({
          taskManagerId: last.taskManagerId,
          busyRatio: now?.busyRatio,
          idleRatio: now?.idleRatio,
          backPressuredRatio: now?.backPressuredRatio,
          recordsInPerSecond: now?.recordsInPerSecond,
          recordsOutPerSecond: now?.recordsOutPerSecond,
          pendingRecords: last.pendingRecords,
          watermarkMs: last.watermarkMs,
        }),
      },
    ];
  });
}

/** `cause` only where a firing root names the vertex; the victim of pressure is never shown as a cause. */
function markOf(report: JobReport, vertexId: string, load: VertexLoad | undefined): wire.VertexFigures['mark'] {
  const named = report.findings.some(
    ({ state, role, severity, subject }) =>
      state === 'firing' && role === 'root' && severity !== 'info' && subject.vertexId === vertexId,
  );
  if (named) return 'cause';
  if (load === undefined) return 'unknown';
  if (isPressured(load)) return 'pressured';
  if (load.busyMax === undefined) return 'unknown';
  return load.busyMax >= LIMIT_BUSY ? 'limit' : load.busyMax <= IDLE_BUSY ? 'idle' : 'working';
}

export function presentEdges(report: JobReport): wire.EdgeFigures[] {
  const load = report.signals.get('load');
  return report.history.edges.map(({ fromVertexId, toVertexId, shipStrategy }) => ({
    fromVertexId,
    toVertexId,
    shipStrategy,
    ...defined({ pressureRatio: load.ok ? load.value.get(fromVertexId)?.backPressuredMax : undefined }),
  }));
}

export function presentTaskManagers(report: JobReport): wire.TaskManagerFigures[] {
  const loads = report.signals.get('taskManagers');
  if (!loads.ok) return [];
  return loads.value
    .filter(({ vertexIds, gone }) => vertexIds.length > 0 || gone || report.history.jobsOnCluster === 1)
    .map((tm) => ({
      taskManagerId: tm.taskManagerId,
      host: tm.host,
      slots: tm.slots,
      slotsFree: tm.slotsFree,
      gone: tm.gone,
      ...defined({
        heapUsedBytes: tm.heapUsedBytes,
        heapMaxBytes: tm.heapMaxBytes,
        managedUsedBytes: tm.managedUsedBytes,
        managedTotalBytes: tm.managedTotalBytes,
        gcTimeRatio: tm.gcRatio,
        cpuCoresUsed: tm.cpuCoresUsed,
        cpuCores: tm.cpuCores,
        processBytes: tm.memory.totalProcessBytes,
      }),
    }));
}

function definedCounts(tasks: Readonly<Partial<Record<string, number>>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(tasks).flatMap(([state, count]) => (count === undefined || count === 0 ? [] : [[state, count]])),
  );
}
