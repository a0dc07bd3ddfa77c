import { targetCapacity } from './capacity.js';
import { wasIneffective } from './effectiveness.js';
import { Failure } from './failure.js';
import type { PastScaling } from './history.js';
import { evaluated, isOutside, type EvaluatedVertex } from './metrics.js';
import type { AutoscalerOptions } from './options.js';
import { scalingCoefficient } from './scalability.js';
import { scale } from './scale.js';
import { delayedBy, isDue, largestWant, type ScaleDownDelay } from './scale-down-delay.js';

export type AutoscalerEvent = 'IneffectiveScaling' | 'ScalingLimited';

/** What the autoscaler remembers of a vertex between rounds. */
export interface VertexMemory {
  readonly history: readonly PastScaling[];
  readonly delay?: ScaleDownDelay;
}

export interface VertexDecision {
  readonly from: number;
  /** `from` where nothing changes. */
  readonly to: number;
  /**
   * May set off a rescale of the job. 1.10.0: the change is not a delayed scale-down (`REQUIRED_CHANGE`); the thresholds are
   * looked at for the job. 1.15.0: the vertex is outside its thresholds.
   */
  readonly maySetOff: boolean;
  /** EXPECTED_PROCESSING_RATE, which the next round judges the change by; also where the change is then held back. */
  readonly expectedPerSecond?: number;
  readonly events: readonly AutoscalerEvent[];
  readonly delay?: ScaleDownDelay;
}

/**
 * `JobVertexScaler.computeScaleTargetParallelism`.
 *
 * @throws Failure as the code does
 */
export function decideVertex(
  vertex: EvaluatedVertex,
  shipStrategies: readonly string[],
  memory: VertexMemory,
  options: AutoscalerOptions,
  nowMs: number,
): VertexDecision {
  const { parallelism: from, truePerSecond } = vertex;
  const capacity = targetCapacity(vertex, options.utilizationTarget, true, options);
  if (truePerSecond === undefined || Number.isNaN(capacity))
    return unchanged(from, { events: [], ...(memory.delay === undefined ? {} : { delay: memory.delay }) });
  const factor = factorOf(capacity / truePerSecond, memory.history, options);
  const scaled = scale(
    {
      ...vertex,
      shipStrategies,
      factor,
      lowerLimit: Math.min(from, options.vertexMinParallelism),
      upperLimit: Math.max(from, options.vertexMaxParallelism),
    },
    options,
  );
  const events: readonly AutoscalerEvent[] = scaled.limited ? ['ScalingLimited'] : [];
  if (scaled.parallelism === from) return unchanged(from, { events });
  const expected = evaluated(truePerSecond * factor);
  const change: Change = {
    vertex,
    to: scaled.parallelism,
    told: { events, ...(expected === undefined ? {} : { expectedPerSecond: expected }) },
  };
  return scaled.parallelism > from
    ? scaleUp(change, truePerSecond, memory, options)
    : scaleDown(change, memory.delay, options, nowMs);
}

/** How much more capacity is wanted, as a factor, within the limits of one step. */
function factorOf(linear: number, history: readonly PastScaling[], options: AutoscalerOptions): number {
  const factor = options.observesScalability ? linear / scalingCoefficient(history, options) : linear;
  const lowest = 1 - options.scaleDownMaxFactor;
  const highest = 1 + options.scaleUpMaxFactor;
  if (factor < lowest) return lowest;
  return factor > highest ? highest : factor;
}

type Told = Pick<VertexDecision, 'events' | 'expectedPerSecond' | 'delay'>;
interface Change {
  readonly vertex: EvaluatedVertex;
  readonly to: number;
  readonly told: Told;
}

function scaleUp(
  { vertex, to, told }: Change,
  truePerSecond: number,
  { history }: VertexMemory,
  options: AutoscalerOptions,
): VertexDecision {
  const from = vertex.parallelism;
  const ineffective = wasIneffective(history, from, truePerSecond, options.effectivenessThreshold);
  const events: readonly AutoscalerEvent[] = ineffective ? [...told.events, 'IneffectiveScaling'] : told.events;
  if (ineffective && options.blocksIneffective) return unchanged(from, { ...told, events });
  return changed(vertex, to, { ...told, events }, options);
}

/** `JobVertexScaler.applyScaleDownInterval` */
function scaleDown(
  { vertex, to, told }: Change,
  before: ScaleDownDelay | undefined,
  options: AutoscalerOptions,
  nowMs: number,
): VertexDecision {
  const { scaleDownIntervalMs: intervalMs, version } = options;
  if (intervalMs <= 0) return changed(vertex, to, { ...told, ...(before && { delay: before }) }, options);
  if (version === '1.10.0') {
    const delay = before ?? { firstTriggerMs: nowMs, wanted: [] };
    const decision = changed(vertex, to, { ...told, delay }, options);
    return isDue(delay, nowMs, intervalMs) ? decision : { ...decision, maySetOff: false };
  }
  const delay = delayedBy(before, { atMs: nowMs, parallelism: to, isOutside: isOutside(vertex) });
  const largest = largestWant(delay, nowMs, intervalMs);
  if (!isDue(delay, nowMs, intervalMs) || largest === undefined)
    return unchanged(vertex.parallelism, { ...told, delay });
  const decision = changed(vertex, largest.parallelism, { ...told, delay }, options);
  return { ...decision, maySetOff: largest.isOutside };
}

/** `ParallelismChange.noChange` */
function unchanged(from: number, told: Told): VertexDecision {
  return { from, to: from, maySetOff: false, ...told };
}

/** `ParallelismChange.required` of 1.10.0, `build` of 1.15.0, which refuses a parallelism of 0. */
function changed(vertex: EvaluatedVertex, to: number, told: Told, { version }: AutoscalerOptions): VertexDecision {
  if (version !== '1.10.0' && to <= 0)
    throw new Failure('IllegalArgumentException', 'The parallelism should be greater than 0.');
  return { from: vertex.parallelism, to, maySetOff: version === '1.10.0' || isOutside(vertex), ...told };
}
