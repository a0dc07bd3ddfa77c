import type { PastScaling } from './history.js';

/**
 * `JobVertexScaler.detectIneffectiveScaleUp`: the last rescale was a scale-up to where the vertex is now, and brought less
 * than a share of the increase it was to bring.
 */
export function wasIneffective(
  history: readonly PastScaling[],
  parallelism: number,
  truePerSecond: number,
  threshold: number,
): boolean {
  const last = history.at(-1);
  if (last === undefined || parallelism !== last.to || last.to <= last.from) return false;
  const { truePerSecond: before = NaN, expectedPerSecond = NaN } = last;
  // Not `<`: what is no number counts as ineffective.
  return !((truePerSecond - before) / (expectedPerSecond - before) >= threshold);
}
