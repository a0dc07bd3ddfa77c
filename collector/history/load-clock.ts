import type { SubtaskSample } from '../model/index.js';

/** Milliseconds per second that a task was busy, idle, backpressured: Flink's gauges. */
export interface LoadGauges {
  readonly busyMs?: number;
  readonly idleMs?: number;
  readonly backPressuredMs?: number;
}

/** A gauge is trusted for at most this long; a longer silence adds nothing that was seen. */
const MAX_STEP_MS = 60_000;

interface Totals {
  readonly attempt: number;
  readonly startMs: number | undefined;
  readonly atMs: number;
  readonly busyMs: number | undefined;
  readonly idleMs: number | undefined;
  readonly backPressuredMs: number | undefined;
}

/**
 * Accumulated times for a Flink that has none (before 1.16): each gauge times the time since the reading before, summed
 * per attempt, so that everything after the collector sees one shape.
 */
export class LoadClock {
  #totals: Totals | undefined;

  /** The sample with accumulated times from the gauges; from the first reading of an attempt on, starting at 0. */
  add(sample: SubtaskSample, gauges: LoadGauges): SubtaskSample {
    const before = this.#totals;
    const isSame = before?.attempt === sample.attempt && before.startMs === sample.startMs;
    const seconds = isSame ? Math.min(MAX_STEP_MS, Math.max(0, sample.atMs - before.atMs)) / 1000 : 0;
    const grown = (total: number | undefined, gauge: number | undefined): number | undefined =>
      gauge === undefined ? undefined : ((isSame ? total : undefined) ?? 0) + gauge * seconds;
    const times = {
      busyMs: grown(before?.busyMs, gauges.busyMs),
      idleMs: grown(before?.idleMs, gauges.idleMs),
      backPressuredMs: grown(before?.backPressuredMs, gauges.backPressuredMs),
    };
    this.#totals = { attempt: sample.attempt, startMs: sample.startMs, atMs: sample.atMs, ...times };
    return {
      ...sample,
      ...(times.busyMs === undefined ? {} : { busyMs: times.busyMs }),
      ...(times.idleMs === undefined ? {} : { idleMs: times.idleMs }),
      ...(times.backPressuredMs === undefined ? {} : { backPressuredMs: times.backPressuredMs }),
    };
  }
}
