import { roundToLong } from './java-arithmetic.js';
import { evaluated, type EvaluatedVertex, type Thresholds } from './metrics.js';
import type { AutoscalerOptions } from './options.js';

type Demand = Pick<EvaluatedVertex, 'targetPerSecond' | 'catchUpPerSecond'>;

/**
 * `AutoScalerUtils.getTargetProcessingCapacity`: the backlog's share, what a restart leaves behind, and the input at a
 * utilisation, in whole records per second. NaN without a target, infinite at utilisation 0.
 */
export function targetCapacity(
  { targetPerSecond, catchUpPerSecond }: Demand,
  utilization: number,
  withRestart: boolean,
  options: Pick<AutoscalerOptions, 'catchUpSeconds' | 'restartSeconds'>,
): number {
  if (catchUpPerSecond === undefined || targetPerSecond === undefined) return NaN;
  const share = Math.min(1, Math.max(0, utilization));
  if (share === 0) return Infinity;
  const { catchUpSeconds, restartSeconds } = options;
  const restart = !withRestart || catchUpSeconds === 0 ? 0 : (targetPerSecond * restartSeconds) / catchUpSeconds;
  return roundToLong(catchUpPerSecond + restart + targetPerSecond / share);
}

/** `ScalingMetricEvaluator.computeProcessingRateThresholds`. While a backlog is worked off nothing is scaled down. */
export function thresholdsOf(demand: Demand, options: AutoscalerOptions, hasBacklog: boolean): Thresholds {
  const { utilizationTarget, utilizationBoundary } = options;
  const upper = hasBacklog ? 1 : (options.utilizationMax ?? utilizationTarget + utilizationBoundary);
  const lower = hasBacklog ? 0 : (options.utilizationMin ?? utilizationTarget - utilizationBoundary);
  const up = evaluated(targetCapacity(demand, upper, false, options));
  const down = evaluated(targetCapacity(demand, lower, true, options));
  return {
    ...(up === undefined ? {} : { scaleUpBelowPerSecond: up }),
    ...(down === undefined ? {} : { scaleDownAbovePerSecond: down }),
  };
}
