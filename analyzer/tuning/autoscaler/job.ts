import { isOutside, type EvaluatedVertex } from './metrics.js';
import type { AutoscalerOptions } from './options.js';
import type { Plan } from './topology.js';
import { decideVertex, type VertexDecision, type VertexMemory } from './vertex.js';

/** Both as shares; where the TaskManagers do not tell them, nothing is held back. */
export interface MemoryPressure {
  /** The busiest collector's share of the latest second. */
  readonly gcPressure?: number;
  /** The fullest heap, averaged over the window. */
  readonly heapUsage?: number;
}

export interface JobDecision {
  /** Of each vertex that was looked at: none under memory pressure, and not those that are excluded. */
  readonly vertices: ReadonlyMap<string, VertexDecision>;
  /** The new parallelisms; empty where the job stays as it is. */
  readonly applied: ReadonlyMap<string, number>;
  readonly memoryPressure: boolean;
}

const FORGETFUL: VertexMemory = { history: [] };

/**
 * `ScalingExecutor.computeScalingSummary`: one vertex outside its thresholds, and every vertex whose parallelism would
 * differ is changed; else none.
 *
 * @throws Failure as `decideVertex`
 */
export function decideJob(
  plan: Plan,
  metrics: ReadonlyMap<string, EvaluatedVertex>,
  memories: ReadonlyMap<string, VertexMemory>,
  pressure: MemoryPressure,
  options: AutoscalerOptions,
  nowMs: number,
): JobDecision {
  const { gcPressure = 0, heapUsage = 0 } = pressure;
  if (gcPressure > options.gcPressureMax || heapUsage > options.heapUsageMax)
    return { vertices: new Map(), applied: new Map(), memoryPressure: true };
  const vertices = new Map<string, VertexDecision>();
  let setOff = false;
  for (const { vertexId, inputs } of plan.vertices) {
    const vertex = metrics.get(vertexId);
    if (vertex === undefined || options.excludedVertexIds.includes(vertexId)) continue;
    const memory = memories.get(vertexId) ?? FORGETFUL;
    const decision = decideVertex(vertex, [...inputs.values()], memory, options, nowMs);
    vertices.set(vertexId, decision);
    // 1.10.0 looks at the thresholds here, 1.15.0 has them in the decision (of the time a scale-down was wanted).
    setOff ||= decision.maySetOff && (options.version !== '1.10.0' || isOutside(vertex));
  }
  const changes = [...vertices].filter(([, { from, to }]) => from !== to);
  return {
    vertices,
    applied: new Map(setOff ? changes.map(([vertexId, { to }]) => [vertexId, to]) : []),
    memoryPressure: false,
  };
}
