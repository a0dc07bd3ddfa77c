import { Failure } from './failure.js';
import { ceilToHundredths } from './java-arithmetic.js';
import type { AutoscalerOptions } from './options.js';
import type { PastScaling } from './history.js';

/**
 * `JobVertexScaler.calculateObservedScalingCoefficient` (1.15.0, off by default): how much of linear growth past rescales
 * brought, by least squares through the origin (`AutoScalerUtils.optimizeLinearScalingCoefficient`), between a floor and 1.
 *
 * @throws Failure where the code does: no number comes out
 */
export function scalingCoefficient(history: readonly PastScaling[], options: AutoscalerOptions): number {
  if (history.length === 0 || history.length < options.scalabilityMinObservations) return 1;
  const baseline = baselinePerSecond(history);
  if (Number.isNaN(baseline) || history.some(({ truePerSecond }) => truePerSecond === undefined)) return 1;
  let products = 0;
  let squares = 0;
  for (const { from, truePerSecond = NaN } of history) {
    products += from * truePerSecond;
    squares += from * from;
  }
  const fitted = squares === 0 ? 1 : products / (squares * baseline);
  const coefficient = squares === 0 ? 1 : Math.max(options.scalabilityCoefficientMin, Math.min(1, fitted));
  if (Number.isNaN(coefficient))
    throw new Failure(
      'NumberFormatException',
      'Character N is neither a decimal digit number, decimal point, nor "e" notation exponential mark.',
    );
  return ceilToHundredths(coefficient);
}

/** `AutoScalerUtils.computeBaselineProcessingRate`: the rate of one subtask at the smallest parallelism, the newest if several. */
function baselinePerSecond(history: readonly PastScaling[]): number {
  let smallest: PastScaling | undefined;
  for (const past of [...history].reverse()) if (smallest === undefined || past.from < smallest.from) smallest = past;
  return (smallest?.truePerSecond ?? NaN) / (smallest?.from ?? NaN);
}
