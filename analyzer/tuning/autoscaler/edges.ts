import { rateOf, type Samples } from './samples.js';
import type { Plan, PlannedVertex } from './topology.js';

/**
 * `ScalingMetricEvaluator.computeEdgeOutputRatio`: records over the edge for each record into its upstream vertex; 0 where
 * one of the two does not flow.
 */
export function outputRatio(fromId: string, to: PlannedVertex, plan: Plan, samples: Samples): number {
  const input = rateOf('recordsIn', fromId, samples);
  if (!(input > 0)) return 0;
  const over = edgeRate(fromId, to, plan, samples);
  return over > 0 ? over / input : 0;
}

/**
 * `ScalingMetricEvaluator.computeEdgeDataRate`: Flink counts no records per edge. A single input is what comes in; beside
 * inputs that feed only this vertex it is the rest of what comes in; else all that the upstream vertex sends, to whomever.
 */
function edgeRate(fromId: string, to: PlannedVertex, plan: Plan, samples: Samples): number {
  const input = rateOf('recordsIn', to.vertexId, samples);
  if (to.inputs.size === 1) return input;
  let others = 0;
  for (const otherId of to.inputs.keys()) {
    if (otherId === fromId) continue;
    others += plan.outputCount(otherId) === 1 ? rateOf('recordsOut', otherId, samples) : NaN;
  }
  return Number.isNaN(others) ? rateOf('recordsOut', fromId, samples) : input - others;
}
