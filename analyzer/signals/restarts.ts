import type { JobHistory } from '../../collector/model/index.js';

export interface RestartSignal {
  /** Growth of `numRestarts` within the window. Attempts, not incidents: one lost TaskManager may count 8. */
  readonly restarts: number;
  readonly windowMs: number;
  /** Checkpoints completed within the same window: progress in spite of the restarts. */
  readonly completedCheckpoints: number;
}

/** Restarts are counted over ten minutes (diagnosis §5.12). */
export const RESTART_WINDOW_MS = 600_000;

export function restartsOf(history: JobHistory, nowMs: number): RestartSignal | undefined {
  const samples = history.restarts.filter((sample) => sample.atMs >= nowMs - RESTART_WINDOW_MS);
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return undefined;
  // The counter starts again at 0 with a new job id; a drop is a new start, not a negative count.
  const grown = samples.slice(1).reduce((total, sample, i) => {
    const before = samples[i]?.restarts ?? 0;
    return total + Math.max(0, sample.restarts - before);
  }, 0);
  return {
    restarts: grown,
    windowMs: last.atMs - first.atMs,
    completedCheckpoints: history.checkpoints.filter(
      (checkpoint) => checkpoint.status === 'COMPLETED' && checkpoint.triggerMs >= nowMs - RESTART_WINDOW_MS,
    ).length,
  };
}
