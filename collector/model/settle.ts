import type { SampleView } from './frames.js';

/**
 * How long after a task reached RUNNING its figures are left alone. Accumulated times (Flink ≥ 1.16) start clean at
 * RUNNING, but the first seconds are class loading and filling buffers; gauges are wrong for 60–110 s
 * (CALIBRATION fact 1), so without accumulated times the wait is longer.
 */
export const SETTLE_MS = 20_000;
export const SETTLE_GAUGE_MS = 100_000;

/** Whether a reading was taken late enough after its task began to run. */
export const isSettled = ({ atMs, runningSinceMs, startMs }: SampleView, settleMs: number): boolean =>
  atMs >= (runningSinceMs ?? startMs ?? 0) + settleMs;
