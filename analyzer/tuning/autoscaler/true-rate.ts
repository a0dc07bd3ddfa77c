import type { AutoscalerOptions } from './options.js';
import { averageOf, rateOf, type Samples } from './samples.js';

/** `ScalingMetricEvaluator.computeBusyTimeAvg`, as a share 0–1 of one subtask. NaN where it is not known. */
export function loadOf(vertexId: string, parallelism: number, samples: Samples, options: AutoscalerOptions): number {
  return busyMsPerSecond(vertexId, parallelism, samples, options) / 1000;
}

function busyMsPerSecond(
  vertexId: string,
  parallelism: number,
  samples: Samples,
  { busyAggregator }: AutoscalerOptions,
): number {
  return busyAggregator === 'AVG'
    ? rateOf('busyMs', vertexId, samples) / parallelism
    : averageOf('load', vertexId, samples) * 1000;
}

/**
 * `ScalingMetricEvaluator.computeTrueProcessingRate`: what flows, over how busy that makes. Where the rate under backlog was
 * observed and the other lies more than a threshold above it, the observed one. Infinite where nothing flows, NaN where it is
 * not known.
 */
export function trueRate(
  load: number,
  inputPerSecond: number,
  vertexId: string,
  samples: Samples,
  options: AutoscalerOptions,
): number {
  const byBusy = inputPerSecond === 0 ? Infinity : inputPerSecond / load;
  const observed = averageOf('observedPerSecond', vertexId, samples, options.observedRateMinObservations);
  if (Number.isNaN(observed)) return byBusy;
  if (!Number.isFinite(byBusy)) return observed;
  return byBusy > observed * (1 + options.observedRateSwitchThreshold) ? observed : byBusy;
}
