import { SETTLE_MS, type Cells, type JobHistory } from '../../collector/model/index.js';
import type { Topology } from '../graph/topology.js';
import { max, mean, median, present, sum } from '../numbers.js';
import { oncePerReading } from './per-reading.js';
import { MIN_RECORDS, MIN_RECORDS_PER_SUBTASK } from './skew.js';
import { VertexWindow } from './vertex-window.js';

/** Long enough for a window operator to fire in it, short enough to see a neighbour of the machine come and go. */
const COST_WINDOW_MS = 180_000;
/**
 * Below this busy of its busiest subtask a vertex does not tell: what a task does beside its records is .00–.03 of its
 * time on a quiet machine, .05–.08 on a starved one (CALIBRATION §7 and fact 17).
 */
const TELLING_BUSY = 0.2;
/** Middle, by ratio, of subtasks on one machine (1.0–1.2 in Z06, L05, L07) and of a starved one beside a free one (2.3, L22). */
export const SLOW_FACTOR = 1.6;
/** Twice the others (CALIBRATION §2), between 1.2 as above and 3.8 in L12b. */
export const DEAR_FACTOR = 2;
/** Heaviest over mean. L12b 1.03, L22 1.05; the mildest key skew that counts is 1.5 (diagnosis §4). */
export const FLAT_RECORDS_MAX = 1.2;
/** One slow subtask may be its keys; this many on one TaskManager are the TaskManager. */
const SLOW_SUBTASKS_MIN = 2;

/** What a record costs in busy time, where that differs between subtasks that do the same (F16). */
export interface CostSkew {
  readonly slowTaskManagers: readonly SlowTaskManager[];
  readonly dearSubtasks: readonly DearSubtasks[];
}

/** A TaskManager on which every record costs more than elsewhere. */
export interface SlowTaskManager {
  readonly taskManagerId: string;
  /** The vertex whose slow subtasks are busiest, and these. */
  readonly vertexId: string;
  readonly subtasks: readonly number[];
  /** Slow subtasks and vertices in all. */
  readonly slowSubtasks: number;
  readonly slowVertices: number;
  /** Cost of a record over that elsewhere; the median of its vertices. */
  readonly factor: number;
  readonly windowMs: number;
}

/** Subtasks whose records cost more than those of normal ones on the same TaskManager: it is what the records are. */
export interface DearSubtasks {
  readonly vertexId: string;
  /** Dearest first. */
  readonly subtasks: readonly number[];
  readonly secondsPerRecord: number;
  /** The dearest over the median of the others. */
  readonly factor: number;
  readonly maxOverMean: number;
  readonly windowMs: number;
}

export function costSkewOf(history: JobHistory, topology: Topology): CostSkew {
  const vertices = present(history.vertices.map((vertex) => costsOf(vertex, topology.isSource(vertex.vertexId))));
  const taskManagerIds = new Set(
    vertices.flatMap(({ subtasks }) => subtasks.map(({ taskManagerId }) => taskManagerId)),
  );
  const slowTaskManagers = present([...taskManagerIds].map((id) => slowTaskManager(id, vertices)));
  const slow = new Set(slowTaskManagers.map(({ taskManagerId }) => taskManagerId));
  return { slowTaskManagers, dearSubtasks: present(vertices.map((vertex) => dearSubtasks(vertex, vertices, slow))) };
}

interface SubtaskCost {
  readonly subtask: number;
  readonly taskManagerId: string;
  readonly records: number;
  readonly busyMs: number;
  readonly secondsPerRecord: number;
}

interface VertexCosts {
  readonly vertexId: string;
  readonly subtasks: readonly SubtaskCost[];
  readonly windowMs: number;
}

/** Undefined where a subtask does not tell, or the vertex does too little for its costs to mean something. */
const costsOf = oncePerReading((vertex, isSource: boolean): VertexCosts | undefined => {
  const { vertexId, parallelism = 0 } = vertex;
  if (parallelism < 2 || vertex.subtasks.length < parallelism) return undefined;
  const window = new VertexWindow(vertex, COST_WINDOW_MS, SETTLE_MS);
  const busy = window.growth('busyMs');
  if (!isTelling(window, busy)) return undefined;
  const records = isSource ? window.recordsHandled() : window.growth('recordsIn');
  const subtasks: SubtaskCost[] = [];
  for (let subtask = 0; subtask < parallelism; subtask += 1) {
    const [busyMs, count] = [busy[subtask] ?? Number.NaN, records[subtask] ?? Number.NaN];
    const taskManagerId = window.taskManagerId(subtask);
    if (Number.isNaN(busyMs) || !(count >= MIN_RECORDS_PER_SUBTASK) || taskManagerId === undefined) return undefined;
    if (!window.isEnough(subtask)) return undefined;
    subtasks.push({ subtask, taskManagerId, records: count, busyMs, secondsPerRecord: busyMs / 1000 / count });
  }
  return sum(subtasks.map((subtask) => subtask.records)) < MIN_RECORDS
    ? undefined
    : { vertexId, subtasks, windowMs: longestOf(window) };
});

function isTelling(window: VertexWindow, busy: Cells): boolean {
  for (let subtask = 0; subtask < window.width; subtask += 1)
    if ((busy[subtask] ?? 0) >= TELLING_BUSY * Math.max(1, window.coveredMs(subtask))) return true;
  return false;
}

function longestOf(window: VertexWindow): number {
  let longestMs = 0;
  for (let subtask = 0; subtask < window.width; subtask += 1)
    longestMs = Math.max(longestMs, window.coveredMs(subtask));
  return longestMs;
}

/** All of the TaskManager's subtasks are slow, or those of at least two vertices: waiting, for one, does not take longer there. */
function slowTaskManager(taskManagerId: string, vertices: readonly VertexCosts[]): SlowTaskManager | undefined {
  const compared = present(vertices.map((vertex) => compareTo(taskManagerId, vertex)));
  const slow = compared.filter(({ isSlow }) => isSlow);
  const here = sum(slow.map(({ subtasks }) => subtasks.length));
  const elsewhere = sum(slow.map(({ others }) => others));
  const isAll = slow.length === compared.length;
  if (here < SLOW_SUBTASKS_MIN || elsewhere < SLOW_SUBTASKS_MIN || !(isAll || slow.length >= 2)) return undefined;
  const [busiest] = [...slow].sort((a, b) => b.busyMs - a.busyMs);
  if (busiest === undefined) return undefined;
  return {
    taskManagerId,
    vertexId: busiest.vertexId,
    subtasks: busiest.subtasks,
    slowSubtasks: here,
    slowVertices: slow.length,
    factor: median(slow.map(({ factor }) => factor)) ?? 1,
    windowMs: busiest.windowMs,
  };
}

function compareTo(taskManagerId: string, { vertexId, subtasks, windowMs }: VertexCosts) {
  const here = subtasks.filter((subtask) => subtask.taskManagerId === taskManagerId);
  const normal = median(costs(subtasks.filter((subtask) => subtask.taskManagerId !== taskManagerId)));
  const cost = median(costs(here));
  if (normal === undefined || cost === undefined || normal <= 0) return undefined;
  return {
    vertexId,
    windowMs,
    subtasks: here.map(({ subtask }) => subtask),
    others: subtasks.length - here.length,
    busyMs: max(here.map(({ busyMs }) => busyMs)) ?? 0,
    factor: cost / normal,
    isSlow: costs(here).every((one) => one >= SLOW_FACTOR * normal),
  };
}

function dearSubtasks(
  { vertexId, subtasks, windowMs }: VertexCosts,
  vertices: readonly VertexCosts[],
  slow: ReadonlySet<string>,
): DearSubtasks | undefined {
  const records = subtasks.map((subtask) => subtask.records);
  const maxOverMean = (max(records) ?? 0) / (mean(records) ?? 1);
  const normal = normalCost(subtasks);
  if (maxOverMean >= FLAT_RECORDS_MAX || normal === undefined || normal <= 0) return undefined;
  const isDear = ({ secondsPerRecord }: SubtaskCost): boolean => secondsPerRecord >= DEAR_FACTOR * normal;
  const suspects = new Set(subtasks.map(({ taskManagerId }) => taskManagerId));
  for (const subtask of subtasks) if (!isDear(subtask)) suspects.delete(subtask.taskManagerId);
  const isFast = (taskManagerId: string): boolean =>
    !suspects.has(taskManagerId) ||
    vertices.some((vertex) => vertex.vertexId !== vertexId && isNormalOn(taskManagerId, vertex, suspects));
  const dear = subtasks
    .filter(isDear)
    .filter(({ taskManagerId }) => !slow.has(taskManagerId) && isFast(taskManagerId))
    .sort((a, b) => b.secondsPerRecord - a.secondsPerRecord);
  const [dearest] = dear;
  if (dearest === undefined) return undefined;
  return {
    vertexId,
    subtasks: dear.map(({ subtask }) => subtask),
    secondsPerRecord: dearest.secondsPerRecord,
    factor: dearest.secondsPerRecord / normal,
    maxOverMean,
    windowMs,
  };
}

/** Of the subtasks beside the dearest one. */
function normalCost(subtasks: readonly SubtaskCost[]): number | undefined {
  return median(
    costs(subtasks)
      .sort((a, b) => b - a)
      .slice(1),
  );
}

/**
 * The TaskManager does the work of this other vertex as fast as those that nobody suspects: where half of the machines are slow, to be as
 * fast as any other says nothing.
 */
function isNormalOn(taskManagerId: string, { subtasks }: VertexCosts, suspects: ReadonlySet<string>): boolean {
  const normal = median(costs(subtasks.filter((subtask) => !suspects.has(subtask.taskManagerId))));
  if (normal === undefined) return false;
  return subtasks.some((one) => one.taskManagerId === taskManagerId && one.secondsPerRecord < SLOW_FACTOR * normal);
}

function costs(subtasks: readonly SubtaskCost[]): number[] {
  return subtasks.map(({ secondsPerRecord }) => secondsPerRecord);
}
