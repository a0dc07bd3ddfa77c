import { HOT_WINDOW_MS, MAX_HOT_RECORDS, MAX_HOT_SAMPLES } from '../limits.js';
import {
  deriveSubtask,
  type SubtaskHistory,
  type SubtaskRates,
  type SubtaskSample,
  type VertexHistory,
  type VertexReading,
  type VertexSummary,
} from '../model/index.js';
import { INTEREST_MS, isOfInterest, type Interest } from '../plan/vertex-interest.js';
import type { SourceOperators } from '../plan/vertex-metrics.js';
import { dropOlder, pushBounded } from './bounded.js';
import { LoadClock, type LoadGauges } from './load-clock.js';
import { isNews, SampleRing } from './sample-ring.js';

interface SubtaskRecord {
  readonly ring: SampleRing;
  readonly loadClock: LoadClock;
}

/** What was kept of one reading of a subtask. */
export interface KeptSample {
  readonly sample: SubtaskSample;
  readonly rates: SubtaskRates;
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
  readonly #subtasks = new Map<number, SubtaskRecord>();
  readonly #readings: VertexReading[] = [];
  #sums: VertexSummary | undefined;
  #interestUntilMs = 0;

  constructor(vertexId: string) {
    this.vertexId = vertexId;
  }

  /**
   * Keeps a reading if it says something new; undefined when not. While Flink has only placeholders for the figures
   * (REST-TRUTH fact 6), a change of state is all that is kept.
   */
  add(subtask: number, reading: SubtaskSample, gauges: LoadGauges | undefined): KeptSample | undefined {
    const record = this.#subtask(subtask);
    const before = record.ring.last;
    const sample = gauges === undefined ? reading : record.loadClock.add(reading, gauges);
    if (!isNews(before, sample)) return undefined;
    record.ring.append(sample);
    record.ring.dropBefore(sample.atMs - HOT_WINDOW_MS);
    return { sample, rates: deriveSubtask(before, sample) };
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

  /** Forgets subtasks a rescale took away once all their readings are old. */
  prune(nowMs: number): void {
    for (const [subtask, { ring }] of this.#subtasks)
      if (ring.last === undefined || ring.last.atMs < nowMs - HOT_WINDOW_MS) this.#subtasks.delete(subtask);
  }

  lastSamples(): readonly SubtaskSample[] {
    return [...this.#subtasks.values()].flatMap(({ ring }) => ring.last ?? []);
  }

  /** The vertex as last read, with the subtasks it has now. */
  toHistory(summary: VertexSummary): VertexHistory {
    const parallelism = summary.parallelism ?? Infinity;
    const subtasks = [...this.#subtasks]
      .filter(([subtask]) => subtask < parallelism)
      .sort(([a], [b]) => a - b)
      .map(([subtask, { ring }]) => lazyHistory(subtask, ring));
    return { ...summary, subtasks, ...(this.#readings.length === 0 ? {} : { readings: [...this.#readings] }) };
  }

  #subtask(subtask: number): SubtaskRecord {
    const known = this.#subtasks.get(subtask);
    if (known !== undefined) return known;
    const created = { ring: new SampleRing(MAX_HOT_SAMPLES), loadClock: new LoadClock() };
    this.#subtasks.set(subtask, created);
    return created;
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
 * Samples become objects when somebody looks at them, once per history: most of a fleet's subtasks are never looked at.
 * An own enumerable getter, so that copies and comparisons see it as a plain field.
 */
function lazyHistory(subtask: number, ring: SampleRing): SubtaskHistory {
  let samples: readonly SubtaskSample[] | undefined;
  return {
    subtask,
    get samples() {
      samples ??= ring.samples();
      return samples;
    },
  };
}
