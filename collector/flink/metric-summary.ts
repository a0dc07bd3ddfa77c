import type { MetricSummary } from './decode/metrics.decode.js';

/** What Flink's own summary over subtasks would say of these values; never called without any. */
export function summaryOfSubtasks(values: readonly number[]): MetricSummary {
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return { min, max, sum, mean: sum / values.length };
}
