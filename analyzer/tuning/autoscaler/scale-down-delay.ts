/** A scale-down that waits (`DelayedScaleDown`). 1.10.0 keeps only when it was first wanted. */
export interface ScaleDownDelay {
  readonly firstTriggerMs: number;
  /** What was wanted since; each smaller than the one before, or it could not become the largest of a window. */
  readonly wanted: readonly WantedScaleDown[];
}

export interface WantedScaleDown {
  readonly atMs: number;
  readonly parallelism: number;
  readonly isOutside: boolean;
}

/** `DelayedScaleDown.triggerScaleDown`: equal wants keep the latest time. */
export function delayedBy(delay: ScaleDownDelay | undefined, want: WantedScaleDown): ScaleDownDelay {
  const larger = (delay?.wanted ?? []).filter(({ parallelism }) => parallelism > want.parallelism);
  return { firstTriggerMs: delay?.firstTriggerMs ?? want.atMs, wanted: [...larger, want] };
}

/** Waited through: since the first want at least the interval has passed. */
export function isDue(delay: ScaleDownDelay, nowMs: number, intervalMs: number): boolean {
  return nowMs - intervalMs >= delay.firstTriggerMs;
}

/** `VertexDelayedScaleDownInfo.getMaxRecommendedParallelism`: the largest want of the interval. */
export function largestWant(delay: ScaleDownDelay, nowMs: number, intervalMs: number): WantedScaleDown | undefined {
  return delay.wanted.find(({ atMs }) => atMs >= nowMs - intervalMs);
}
