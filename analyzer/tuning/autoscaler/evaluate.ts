import { thresholdsOf } from './capacity.js';
import { outputRatio } from './edges.js';
import { Failure } from './failure.js';
import { evaluated, type EvaluatedVertex } from './metrics.js';
import type { AutoscalerOptions } from './options.js';
import { rateOf, type Samples } from './samples.js';
import type { Plan, PlannedVertex } from './topology.js';
import { loadOf, trueRate } from './true-rate.js';

type Evaluated = Map<string, EvaluatedVertex>;

/**
 * `ScalingMetricEvaluator.evaluate`: what each vertex is asked for and what it could take, over the metric window.
 *
 * @throws Failure at a source whose lag is not known over two rounds
 */
export function evaluate(
  plan: Plan,
  samples: Samples,
  options: AutoscalerOptions,
): ReadonlyMap<string, EvaluatedVertex> {
  const hasBacklog = isWorkingOffBacklog(plan, samples, options);
  const done: Evaluated = new Map();
  for (const vertex of plan.vertices)
    done.set(vertex.vertexId, evaluateVertex(vertex, plan, samples, done, options, hasBacklog));
  return done;
}

/** `ScalingMetricEvaluator.isProcessingBacklog`: a source lags by more seconds of its input than the threshold. */
export function isWorkingOffBacklog(plan: Plan, samples: Samples, { backlogLagSeconds }: AutoscalerOptions): boolean {
  return plan.vertices
    .filter(isSource)
    .some(
      ({ vertexId }) => latestLag(vertexId, samples, 0) / rateOf('recordsIn', vertexId, samples) > backlogLagSeconds,
    );
}

const isSource = ({ inputs }: PlannedVertex): boolean => inputs.size === 0;

const latestLag = <T>(vertexId: string, samples: Samples, otherwise: T): number | T =>
  samples.at(-1)?.vertices.get(vertexId)?.lagRecords ?? otherwise;

function evaluateVertex(
  vertex: PlannedVertex,
  plan: Plan,
  samples: Samples,
  done: Evaluated,
  options: AutoscalerOptions,
  hasBacklog: boolean,
): EvaluatedVertex {
  const { vertexId, parallelism, maxParallelism, sourcePartitions } = vertex;
  const input = rateOf('recordsIn', vertexId, samples);
  const demand = isSource(vertex)
    ? sourceDemand(vertexId, input, samples, options)
    : carriedDemand(vertex, plan, samples, done);
  const busy = loadOf(vertexId, parallelism, samples, options);
  const figures = {
    targetPerSecond: evaluated(demand.target),
    catchUpPerSecond: evaluated(demand.catchUp),
    truePerSecond: evaluated(trueRate(busy, input, vertexId, samples, options)),
    load: evaluated(busy),
    lagRecords: evaluated(latestLag(vertexId, samples, NaN)),
  };
  return {
    parallelism,
    maxParallelism,
    sourcePartitions,
    ...withoutMissing(figures),
    ...thresholdsOf(withoutMissing(figures), options, hasBacklog),
  };
}

interface Demand {
  readonly target: number;
  readonly catchUp: number;
}

/** `ScalingMetricEvaluator.computeTargetDataRate` of a source: what it reads, and what its lag grows by. */
function sourceDemand(
  vertexId: string,
  input: number,
  samples: Samples,
  { catchUpSeconds }: AutoscalerOptions,
): Demand {
  const target = Math.max(0, input + rateOf('lagRecords', vertexId, samples));
  if (Number.isNaN(target))
    throw new Failure('RuntimeException', 'Cannot evaluate metrics without ingestion rate information');
  return { target, catchUp: catchUpSeconds === 0 ? 0 : latestLag(vertexId, samples, 0) / catchUpSeconds };
}

/** The same of any other vertex: what is wanted of its inputs, as rounded there, times what each sends on. */
function carriedDemand(vertex: PlannedVertex, plan: Plan, samples: Samples, done: Evaluated): Demand {
  let [target, catchUp] = [0, 0];
  for (const inputId of vertex.inputs.keys()) {
    const ratio = outputRatio(inputId, vertex, plan, samples);
    target += (done.get(inputId)?.targetPerSecond ?? NaN) * ratio;
    catchUp += (done.get(inputId)?.catchUpPerSecond ?? NaN) * ratio;
  }
  return { target, catchUp };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutMissing<T extends object>(figures: T): Present<T> {
  const present = Object.entries(figures).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Present<T>; // Only what was undefined is gone.
}
