import { HOT_WINDOW_MS, MAX_HOT_SAMPLES } from '../limits.js';
import {
  deriveSubtask,
  type SubtaskHistory,
  type SubtaskRates,
  type SubtaskSample,
  type VertexHistory,
  type VertexSummary,
} from '../model/index.js';
import type { SourceOperators } from '../plan/vertex-metrics.js';
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
  readonly #subtasks = new Map<number, SubtaskRecord>();

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
    return { ...summary, subtasks };
  }

  #subtask(subtask: number): SubtaskRecord {
    const known = this.#subtasks.get(subtask);
    if (known !== undefined) return known;
    const created = { ring: new SampleRing(MAX_HOT_SAMPLES), loadClock: new LoadClock() };
    this.#subtasks.set(subtask, created);
    return created;
  }
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
