import { roundMetric } from './java-arithmetic.js';

/**
 * One vertex as `ScalingMetricEvaluator` sees it; each figure is rounded to three decimals (`EvaluatedScalingMetric`). What the
 * autoscaler holds as NaN is undefined here; infinite is what it cannot bound: no input, no limit.
 */
export interface EvaluatedVertex extends Thresholds {
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** 0 where they are not known. */
  readonly sourcePartitions: number;
  /** TARGET_DATA_RATE, average: what comes in at the sources, carried down the graph. */
  readonly targetPerSecond?: number;
  /** CATCH_UP_DATA_RATE: what the backlog adds to it. */
  readonly catchUpPerSecond?: number;
  /** TRUE_PROCESSING_RATE, average: what it could take at busy 1. */
  readonly truePerSecond?: number;
  /** LOAD, average. */
  readonly load?: number;
  /** LAG, of sources. */
  readonly lagRecords?: number;
}

/** Outside of them the true processing rate asks for a rescale. */
export interface Thresholds {
  /** SCALE_UP_RATE_THRESHOLD */
  readonly scaleUpBelowPerSecond?: number;
  /** SCALE_DOWN_RATE_THRESHOLD */
  readonly scaleDownAbovePerSecond?: number;
}

/** `EvaluatedScalingMetric`: three decimals; NaN is no value. */
export function evaluated(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : roundMetric(value);
}

/** The true processing rate is outside its thresholds (`JobVertexScaler.outsideUtilizationBound`). */
export function isOutside(vertex: EvaluatedVertex): boolean {
  const { truePerSecond = NaN, scaleUpBelowPerSecond = NaN, scaleDownAbovePerSecond = NaN } = vertex;
  return truePerSecond < scaleUpBelowPerSecond || truePerSecond > scaleDownAbovePerSecond;
}
