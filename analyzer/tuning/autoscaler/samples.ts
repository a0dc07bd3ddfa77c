/** What the autoscaler reads of a vertex in one round (`ScalingMetrics`); counters run since the start of the job. */
export interface VertexSample {
  /** LOAD: busy 0–1 by the aggregator that is set. */
  readonly load?: number;
  /** OBSERVED_TPR, of sources while they work off a backlog; may be infinite. */
  readonly observedPerSecond?: number;
  /** LAG, of sources. */
  readonly lagRecords?: number;
  readonly recordsIn?: number;
  readonly recordsOut?: number;
  /** ACCUMULATED_BUSY_TIME of all subtasks. */
  readonly busyMs?: number;
}

/** One round. */
export interface Sample {
  readonly atMs: number;
  readonly vertices: ReadonlyMap<string, VertexSample>;
}

/** The rounds of the metric window, oldest first. */
export type Samples = readonly Sample[];

/** `ScalingMetricEvaluator.getRate`: per second between the first and the last value; NaN with fewer than two. */
export function rateOf(metric: keyof VertexSample, vertexId: string, samples: Samples): number {
  const known = samples.flatMap(({ atMs, vertices }) => {
    const value = vertices.get(vertexId)?.[metric];
    return value === undefined || Number.isNaN(value) ? [] : [{ atMs, value }];
  });
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || first === last) return NaN;
  return (1000 * (last.value - first.value)) / Math.max(1, Math.trunc(last.atMs - first.atMs));
}

/** `ScalingMetricEvaluator.getAverage`: over the finite values; infinite if there is no other, NaN if there are too few. */
export function averageOf(metric: keyof VertexSample, vertexId: string, samples: Samples, least = 1): number {
  let [sum, count, infinite] = [0, 0, false];
  for (const { vertices } of samples) {
    const value = vertices.get(vertexId)?.[metric];
    if (value === undefined || Number.isNaN(value)) continue;
    if (Number.isFinite(value)) [sum, count] = [sum + value, count + 1];
    else infinite = true;
  }
  if (count === 0) return infinite ? Infinity : NaN;
  return count < least ? NaN : sum / count;
}
