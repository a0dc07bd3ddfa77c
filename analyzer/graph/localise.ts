import type { LoadSignal, VertexLoad } from '../signals/load.js';
import { max, present } from '../numbers.js';
import { FILLING_MIN, inflowShare } from './inflow.js';
import type { Topology } from './topology.js';

/**
 * Thresholds of diagnosis §3. On every recorded cluster saturated vertices stood at busy ≥ .99 with upstream pressure
 * ≥ .95, unsaturated ones at pressure ≤ .07, bursts between (CALIBRATION §2): these limits have room on both sides.
 */
export const PRESSURED_MAX = 0.5;
const PRESSURED_MEAN = 0.3;
export const SATURATED_BUSY = 0.8;
const SATURATED_PRESSURE_MAX = 0.2;
/** Without pressure behind it, only a vertex that hardly ever rests counts. */
const SATURATED_ALONE_BUSY = 0.95;
/** A frontier vertex must be at least this busy relative to the busiest sibling. */
const SIBLING_SHARE = 0.6;

/** The vertex that holds the job back, with what says so. */
export interface Bottleneck {
  readonly vertexId: string;
  /**
   * `pressing`: pressure ends here. `filling`: saturated, and sent more than it takes, so that its inputs will wait once the buffers are
   * full. `source`: no input, so pressure cannot show. `alone`: saturated, nothing waits yet.
   */
  readonly kind: 'pressing' | 'filling' | 'source' | 'alone';
  /** Saturated subtasks, ascending. */
  readonly subtasks: readonly number[];
  /** Vertices that wait because of it, nearest first. */
  readonly pressured: readonly string[];
  readonly busyMax: number;
  /** Highest pressure of a direct input. */
  readonly inputPressure: number;
  /** How many times what it takes it is sent; missing where that is not known. */
  readonly inflowShare?: number;
}

export function isPressured(vertex: VertexLoad | undefined): boolean {
  return (vertex?.backPressuredMax ?? 0) >= PRESSURED_MAX || (vertex?.backPressuredMean ?? 0) >= PRESSURED_MEAN;
}

/** Walks from pressured vertices downstream to where pressure ends: B:bp, "busiest task downstream of the backpressured". */
export function localise(topology: Topology, load: LoadSignal): readonly Bottleneck[] {
  const pressing = topology.order
    .filter((id) => isFrontier(id, topology, load))
    .map((id) => bottleneck(id, 'pressing', topology, load));
  const explained = new Set(pressing.flatMap(({ vertexId }) => [...topology.componentOf(vertexId)]));
  const alone = topology.order
    .filter((id) => !explained.has(id) && (load.get(id)?.busyMax ?? 0) >= SATURATED_ALONE_BUSY)
    .map((id) => bottleneck(id, aloneKind(id, topology, load), topology, load));
  // The most downstream first: it hides the true load of everything above it (§3 step 7).
  return [...pressing, ...alone].reverse();
}

function aloneKind(vertexId: string, topology: Topology, load: LoadSignal): 'filling' | 'source' | 'alone' {
  if (topology.isSource(vertexId)) return 'source';
  return (inflowShare(vertexId, topology, load) ?? 1) >= FILLING_MIN ? 'filling' : 'alone';
}

function isFrontier(vertexId: string, topology: Topology, load: LoadSignal): boolean {
  const vertex = load.get(vertexId);
  if (vertex === undefined || (vertex.busyMax ?? 0) < SATURATED_BUSY) return false;
  if (isPressured(vertex) && saturatedSubtasks(vertex).length === 0) return false;
  return topology
    .inputsOf(vertexId)
    .filter((edge) => !edge.blocking && isPressured(load.get(edge.fromVertexId)))
    .some((edge) => holdsBack(vertexId, edge.fromVertexId, topology, load));
}

/** Whether `vertexId` is (among) what its pressured input waits for. */
function holdsBack(vertexId: string, inputId: string, topology: Topology, load: LoadSignal): boolean {
  const siblings = topology.outputsOf(inputId).map((edge) => load.get(edge.toVertexId));
  const busiest = max(present(siblings.map((sibling) => sibling?.busyMax))) ?? 0;
  return (load.get(vertexId)?.busyMax ?? 0) >= SIBLING_SHARE * busiest;
}

function saturatedSubtasks(vertex: VertexLoad): number[] {
  return vertex.subtasks
    .filter(
      (subtask) =>
        (subtask.busyRatio ?? 0) >= SATURATED_BUSY && (subtask.backPressuredRatio ?? 0) < SATURATED_PRESSURE_MAX,
    )
    .map((subtask) => subtask.subtask);
}

function bottleneck(vertexId: string, kind: Bottleneck['kind'], topology: Topology, load: LoadSignal): Bottleneck {
  const vertex = load.get(vertexId);
  const ancestors = topology.ancestorsOf(vertexId);
  const inputs = topology.inputsOf(vertexId).map((edge) => load.get(edge.fromVertexId)?.backPressuredMax);
  const sent = inflowShare(vertexId, topology, load);
  return {
    vertexId,
    kind,
    subtasks: vertex === undefined ? [] : saturatedSubtasks(vertex),
    pressured: [...topology.order].reverse().filter((id) => ancestors.has(id) && isPressured(load.get(id))),
    busyMax: vertex?.busyMax ?? 0,
    inputPressure: max(present(inputs)) ?? 0,
    ...(sent === undefined ? {} : { inflowShare: sent }),
  };
}
