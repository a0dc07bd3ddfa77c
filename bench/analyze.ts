import { analyzeJob } from '../analyzer/engine/analyze.js';
import type { Lives } from '../analyzer/engine/lifecycle.js';
import { VertexRecord, type NewSample } from '../collector/history/vertex-record.js';
import type { Edge, JobHistory, VertexSummary } from '../collector/model/index.js';
import { RULES } from '../rules/index.js';
import { bigHistory, bigJob, createBench, smallJob, type Bench } from './big-job.js';
import { rounded, type Work } from './measure.js';

const OPTIONS = { rules: RULES, settings: {}, disabled: [] };
const BEAT_MS = 10_000;

/** One job of six vertices, one with a hot key; a new reading of all its subtasks before each verdict. */
export async function analyzeOne(): Promise<Work> {
  const parallelism = 32;
  const bench = createBench([bigJob(parallelism)]);
  await read(bench, 70);
  let lives: Lives = new Map();
  return {
    work: `analyzeJob of 6 vertices × ${parallelism} subtasks after a new reading, ${RULES.length} rules`,
    runs: 40,
    prepare: () => read(bench, 1),
    run: () => {
      const [history] = bench.collector.histories(bench.nowMs());
      if (history !== undefined) lives = analyzeJob(history, lives, bench.nowMs(), OPTIONS).lives;
    },
  };
}

const FLEET = 1000;

/** A thousand ordinary jobs, each read anew before each run. */
export async function analyzeFleet(): Promise<Work> {
  const bench = createBench(Array.from({ length: FLEET }, (_, i) => smallJob(`job-${i}`)));
  await read(bench, 12);
  const lives = new Map<string, Lives>();
  return {
    work: `analyzeJob of ${FLEET} jobs × 5 vertices × 4 subtasks after a new reading of each, ${RULES.length} rules`,
    runs: 5,
    warmUpRuns: 2,
    prepare: () => read(bench, 1),
    run: () => {
      for (const history of bench.collector.histories(bench.nowMs())) {
        const known = lives.get(history.jobId) ?? new Map();
        lives.set(history.jobId, analyzeJob(history, known, bench.nowMs(), OPTIONS).lives);
      }
    },
  };
}

async function read(bench: Bench, beats: number): Promise<void> {
  for (let beat = 0; beat < beats; beat += 1) {
    bench.beat();
    await bench.collector.readOnce();
  }
}

const VERTICES = 1000;
const WIDTH = 100;
const SLOTS = 4;
/** A calm wide vertex is read subtask by subtask once a minute: every sixth beat. */
const CALM_EVERY = 6;
/** The vertex that is too slow, and how many above it are held back by it: these are read in every beat. */
const SLOW = 500;
const HELD_BACK = 20;

/**
 * A job of 1,000 vertices in a row and 100,000 subtasks, one vertex too slow for what comes. Its vertices are read as the
 * collector does it; `allNewMs` is what a verdict takes when all of them were read anew.
 */
export async function analyzeLarge(): Promise<Work> {
  const { history: template } = await bigHistory(SLOTS, 30);
  const large = new LargeJob(template);
  for (let beat = 0; beat < 30; beat += 1) large.beat(CALM_EVERY);
  let lives: Lives = new Map();
  const judge = (): number => {
    const startedMs = performance.now();
    lives = analyzeJob(large.history(), lives, large.nowMs, OPTIONS).lives;
    return performance.now() - startedMs;
  };
  return {
    work: `analyzeJob of ${VERTICES} vertices × ${WIDTH} subtasks, those read that the collector reads in a beat, ${RULES.length} rules`,
    runs: 30,
    prepare: () => large.beat(CALM_EVERY),
    run: judge,
    figures: () => {
      const times = Array.from({ length: 9 }, () => {
        large.beat(1);
        return judge();
      });
      return { allNewMs: rounded(times.sort((a, b) => a - b)[4] ?? 0) };
    },
  };
}

class LargeJob {
  readonly #template: JobHistory;
  readonly #records = Array.from({ length: VERTICES }, (_, i) => new VertexRecord(`v${i}`));
  readonly #edges: readonly Edge[] = Array.from({ length: VERTICES - 1 }, (_, i) => ({
    fromVertexId: `v${i}`,
    toVertexId: `v${i + 1}`,
    shipStrategy: i % 3 === 0 ? 'HASH' : 'REBALANCE',
    blocking: false,
  }));
  readonly #startMs: number;
  #beats = 0;

  constructor(template: JobHistory) {
    this.#template = template;
    this.#startMs = template.rounds.at(-1)?.atMs ?? 0;
  }

  get nowMs(): number {
    return this.#startMs + this.#beats * BEAT_MS;
  }

  /** Reads the vertices that something happens at, and every `calmEvery`th of the others. */
  beat(calmEvery: number): void {
    this.#beats += 1;
    this.#records.forEach((record, i) => {
      const isBusy = i <= SLOW && i >= SLOW - HELD_BACK;
      if (!isBusy && (i + this.#beats) % calmEvery !== 0) return;
      record.add(
        this.nowMs,
        Array.from({ length: WIDTH }, (_, subtask) => this.#sample(i, subtask)),
      );
    });
  }

  #sample(vertex: number, subtask: number): NewSample {
    const [busy, pressed] =
      vertex === SLOW ? [0.99, 0] : vertex < SLOW && vertex >= SLOW - HELD_BACK ? [0.1, 0.88] : [0.15, 0];
    const ranMs = 600_000 + this.#beats * BEAT_MS;
    return {
      subtask,
      sample: {
        atMs: this.nowMs,
        state: 'RUNNING',
        attempt: 0,
        startMs: this.#startMs - 600_000,
        runningSinceMs: this.#startMs - 590_000,
        taskManagerId: `tm-${Math.floor(subtask / SLOTS)}`,
        busyMs: busy * ranMs,
        idleMs: (1 - busy - pressed) * ranMs,
        backPressuredMs: pressed * ranMs,
        recordsIn: Math.round(ranMs * (0.5 + (subtask % 7) / 100)),
        recordsOut: Math.round(ranMs * (0.5 + (subtask % 5) / 100)),
        bytesIn: ranMs * 50,
        bytesOut: ranMs * 50,
      },
    };
  }

  history(): JobHistory {
    const [manager] = this.#template.taskManagers;
    return {
      ...this.#template,
      edges: this.#edges,
      vertices: this.#records.map((record, i) => record.toHistory(summaryOf(i))),
      taskManagers: Array.from({ length: WIDTH / SLOTS }, (_, i) => ({ ...must(manager), taskManagerId: `tm-${i}` })),
      rounds: [...this.#template.rounds, { atMs: this.nowMs, ok: true }],
    };
  }
}

const summaryOf = (i: number): VertexSummary => ({
  vertexId: `v${i}`,
  name: i === 0 ? 'Source: v0' : `v${i}`,
  parallelism: WIDTH,
  maxParallelism: 4 * WIDTH,
  tasks: { RUNNING: WIDTH },
});

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the simulated cluster has a TaskManager');
  return value;
}
