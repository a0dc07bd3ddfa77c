import { BACK_OFF_JITTER, MAX_BACK_OFF_MS } from '../limits.js';

/** Wait before the next try after `failures` failed rounds in a row; `random` is 0..1. */
export function backOffMs(failures: number, intervalMs: number, random: number): number {
  if (failures <= 1) return intervalMs;
  const doubledMs = intervalMs * 2 ** Math.min(failures - 1, 16);
  const spread = 1 + (random * 2 - 1) * BACK_OFF_JITTER;
  return Math.max(intervalMs, Math.min(MAX_BACK_OFF_MS, doubledMs) * spread);
}
