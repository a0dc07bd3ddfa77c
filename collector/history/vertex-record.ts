import {
  HOT_WINDOW_MS,
  MAX_EXTRA_READINGS,
  MAX_HOT_MINUTES,
  MAX_HOT_RECORDS,
  MAX_HOT_SAMPLES,
  SUBTASK_HOT_MS,
} from '../limits.js';
import {
  allTasksRun,
  deriveSubtask,
  isSettled,
  MinuteLog,
  SETTLE_GAUGE_MS,
  SETTLE_MS,
  type MetricReading,
  type SampleView,
  type SubtaskHistory,
  type SubtaskRates,
  type SubtaskSample,
  type VertexHistory,
  type VertexReading,
  type VertexSummary,
} from '../model/index.js';
import { INTEREST_MS, isOfInterest, type Interest } from '../plan/vertex-interest.js';
import type { ExtraGroups } from '../plan/vertex-extras.js';
import type { SourceOperators } from '../plan/vertex-metrics.js';
import { dropOlder, pushBounded } from './bounded.js';
import { LoadClock, type LoadGauges } from './load-clock.js';
import { VertexFrames } from './vertex-frames.js';

/** What was kept of one reading of a subtask. */
export interface KeptSample {
  readonly subtask: number;
  readonly sample: SubtaskSample;
  readonly rates: SubtaskRates;
}

/** A reading of one subtask as it came, with gauges where Flink has no accumulated times. */
export interface NewSample {
  readonly subtask: number;
  readonly sample: SubtaskSample;
  readonly gauges?: LoadGauges;
}

/** One vertex: its readings, and what was learnt about how to ask for them. */
export class VertexRecord {
  readonly vertexId: string;
  /** Operators of a source; undefined until its metric list was not empty. */
  sourceOperators: SourceOperators | undefined;
  /** The job's round in which they were first known. */
  sourceOperatorsRound = 0;
  /** Whether its answers carry accumulated times; undefined until one shows it. */
  hasAccumulatedTimes: boolean | undefined;
  /** When its subtasks were last read. */
  subtasksReadMs: number | undefined;
  /** When its page was last read, and when its counters were last asked for and not all there. */
  pageReadMs: number | undefined;
  countersMissedMs: number | undefined;
  /** Metrics that are asked now and then, by operator. */
  extras: ExtraGroups = new Map();
  extrasReadMs: number | undefined;
  lossesReadMs: number | undefined;
  /** The job's round in which its watermarks were last asked for. */
  watermarksRound: number | undefined;
  extrasLearntMs: number | undefined;
  readonly #extraReadings = new Map<string, MetricReading[]>();
  #allRunSinceMs: number | undefined;
  #lowestWatermarkMs: number | undefined;
  #watermarkStands = false;
  readonly #frames = new VertexFrames(SUBTASK_HOT_MS, MAX_HOT_SAMPLES);
  readonly #minutes = new MinuteLog(MAX_HOT_MINUTES);
  readonly #loadClocks = new Map<number, LoadClock>();
  readonly #readings: VertexReading[] = [];
  #sums: VertexSummary | undefined;
  #view: { version: number; parallelism: number; subtasks: readonly SubtaskHistory[] } | undefined;
  #interestUntilMs = 0;

  constructor(vertexId: string) {
    this.vertexId = vertexId;
  }

  /**
   * Takes one reading of all subtasks; what of it says something new. While Flink has only placeholders for the figures
   * (REST-TRUTH fact 6), a change of state is all that is kept.
   */
  add(atMs: number, samples: readonly NewSample[]): readonly KeptSample[] {
    const kept: KeptSample[] = [];
    this.#frames.add(atMs, this.#clocked(samples), ({ subtask, sample }, before) => {
      const rates = deriveSubtask(before, sample);
      this.#noteMinute(subtask, before, sample, rates);
      kept.push({ subtask, sample, rates });
    });
    this.#minutes.endReading(atMs);
    return kept;
  }

  #clocked(samples: readonly NewSample[]): readonly NewSample[] {
    if (samples.every(({ gauges }) => gauges === undefined)) return samples;
    return samples.map((told) => {
      const { subtask, sample, gauges } = told;
      return gauges === undefined ? told : { subtask, sample: this.#loadClock(subtask).add(sample, gauges) };
    });
  }

  #noteMinute(subtask: number, before: SampleView | undefined, sample: SubtaskSample, rates: SubtaskRates): void {
    if (before !== undefined && before.attempt !== sample.attempt) this.#minutes.reset();
    const settleMs = this.hasAccumulatedTimes === false ? SETTLE_GAUGE_MS : SETTLE_MS;
    if (before?.attempt !== sample.attempt || before.state !== 'RUNNING' || sample.state !== 'RUNNING') return;
    if (sample.atMs > before.atMs && isSettled(before, settleMs))
      this.#minutes.add(subtask, rates, before.atMs, sample.atMs);
  }

  /** Takes a summary over all subtasks. */
  addReading(reading: VertexReading): void {
    pushBounded(this.#readings, reading, MAX_HOT_RECORDS);
    dropOlder(this.#readings, reading.atMs - HOT_WINDOW_MS);
    this.noteInterest(reading, reading.atMs);
  }

  /** What all subtasks together did since the last look, from the sums that the job's own page has. */
  noteSums(summary: VertexSummary, atMs: number): void {
    const before = this.#sums;
    this.#sums = summary;
    if (before !== undefined) this.noteInterest(sharesBetween(before, summary), atMs);
  }

  /** Event time that reaches it was the same at the last two looks. */
  get watermarkStands(): boolean {
    return this.#watermarkStands;
  }

  noteWatermark(lowestMs: number): void {
    this.#watermarkStands = lowestMs === this.#lowestWatermarkMs;
    this.#lowestWatermarkMs = lowestMs;
  }

  /** Since when all its tasks are seen to run. */
  allRunSince(summary: VertexSummary, nowMs: number): number | undefined {
    this.#allRunSinceMs = allTasksRun(summary) ? (this.#allRunSinceMs ?? nowMs) : undefined;
    return this.#allRunSinceMs;
  }

  addExtra(id: string, reading: MetricReading): void {
    const readings = this.#extraReadings.get(id) ?? [];
    this.#extraReadings.set(id, readings);
    pushBounded(readings, reading, MAX_EXTRA_READINGS);
  }

  noteInterest(figures: Interest, atMs: number): void {
    if (isOfInterest(figures)) this.keepInterest(atMs + INTEREST_MS);
  }

  /** Its subtasks are wanted in every beat until then. */
  keepInterest(untilMs: number): void {
    this.#interestUntilMs = Math.max(this.#interestUntilMs, untilMs);
  }

  isOfInterest(nowMs: number): boolean {
    return nowMs <= this.#interestUntilMs;
  }

  /** Forgets what is older than the hot window, and with it subtasks a rescale took away. */
  prune(nowMs: number): void {
    this.#frames.dropBefore(nowMs - HOT_WINDOW_MS);
    for (const [id, readings] of this.#extraReadings) {
      dropOlder(readings, nowMs - HOT_WINDOW_MS);
      if (readings.length === 0) this.#extraReadings.delete(id);
    }
  }

  /** Records known to all its readers and not yet read, as last told: in summary, or subtask by subtask. */
  pendingRecords(parallelism: number): number | undefined {
    const summary = this.#readings.at(-1);
    if (summary?.pendingRecords !== undefined && summary.atMs > (this.subtasksReadMs ?? 0))
      return summary.pendingRecords;
    return this.#frames.lastSum('pendingRecords', parallelism);
  }

  lastSamples(): readonly SubtaskSample[] {
    return this.#frames.subtasks.flatMap((subtask) => this.#frames.last(subtask) ?? []);
  }

  /** The vertex as last read, with the subtasks it has now. */
  toHistory(summary: VertexSummary): VertexHistory {
    // `{ ...summary, more }` would give every vertex a shape of its own, 400 bytes each, and its readers one miss a field.
    return Object.assign(
      {},
      summary,
      {
        subtasks: this.#subtasks(summary.parallelism ?? Infinity),
        frames: this.#frames.frames,
        interestUntilMs: this.#interestUntilMs,
        minutes: [...this.#minutes.minutes],
      },
      this.#readings.length === 0 ? undefined : { readings: [...this.#readings] },
      this.#extraReadings.size === 0 ? undefined : { metrics: this.#extraReadings },
    );
  }

  /** The same array as before while nothing new was read: what was derived from it holds as well. */
  #subtasks(parallelism: number): readonly SubtaskHistory[] {
    const { version } = this.#frames;
    if (this.#view?.version === version && this.#view.parallelism === parallelism) return this.#view.subtasks;
    const subtasks = this.#frames.subtasks
      .filter((subtask) => subtask < parallelism)
      .map((subtask) => new LazyHistory(subtask, this.#frames));
    this.#view = { version, parallelism, subtasks };
    return subtasks;
  }

  #loadClock(subtask: number): LoadClock {
    const known = this.#loadClocks.get(subtask) ?? new LoadClock();
    this.#loadClocks.set(subtask, known);
    return known;
  }
}

/** Mean shares between two looks at the sums; nothing across a restart, which begins them at 0. */
function sharesBetween(before: VertexSummary, after: VertexSummary): Interest {
  const step = (key: 'busyMs' | 'idleMs' | 'backPressuredMs'): number => (after[key] ?? 0) - (before[key] ?? 0);
  const steps = [step('busyMs'), step('idleMs'), step('backPressuredMs')] as const;
  const totalMs = steps[0] + steps[1] + steps[2];
  if (totalMs <= 0 || steps.some((ms) => ms < 0)) return {};
  return { busyMeanRatio: steps[0] / totalMs, backPressuredMaxRatio: steps[2] / totalMs };
}

/**
 * Samples become objects when somebody looks at them, and go when nobody holds them: a report is kept until the next one,
 * and must not keep a fleet's readings as objects. A class, because an object literal with a getter costs 500 bytes.
 */
class LazyHistory implements SubtaskHistory {
  readonly subtask: number;
  readonly #frames: VertexFrames;

  constructor(subtask: number, frames: VertexFrames) {
    this.subtask = subtask;
    this.#frames = frames;
  }

  get samples(): readonly SubtaskSample[] {
    return this.#frames.samples(this.subtask);
  }
}
