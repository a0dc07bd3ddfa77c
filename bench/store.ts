import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  EMPTY_BATCH,
  openDuckDbStore,
  type DuckDbStore,
  type SeriesBatch,
  type SeriesQuery,
  type SubtaskRow,
} from '../collector/index.js';
import type { Work } from './measure.js';

const BEAT_MS = 10_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const ROLLUP_MS = 300_000;
const WEEK_DAYS = 7;
/** Figures of one subtask row. */
const FIGURES = 9;
const VERTICES_PER_JOB = 5;
const SUBTASKS = 10;
const STORE_ROWS = 20_000;
/** Of the 100 000 that a day is extrapolated to. */
const DAY_SERIES = 5_000;
const QUERY_SERIES = 200;
const QUERY_VERTICES = 200;

/** Load of `count` subtasks that walks on from beat to beat: noisy, not constant, no two alike. */
class Walk {
  readonly #busy: Float64Array;
  readonly #rate: Float64Array;
  readonly #pending: Float64Array;
  #seed = 1;

  constructor(readonly count: number) {
    this.#busy = Float64Array.from({ length: count }, () => this.#random());
    this.#rate = Float64Array.from({ length: count }, () => 10 ** (1 + 4 * this.#random()));
    this.#pending = Float64Array.from({ length: count }, () => Math.floor(1e5 * this.#random()));
  }

  batch(atMs: number): SeriesBatch {
    return { ...EMPTY_BATCH, subtasks: Array.from({ length: this.count }, (_, nth) => this.#row(nth, atMs)) };
  }

  #row(nth: number, atMs: number): SubtaskRow {
    const vertex = Math.floor(nth / SUBTASKS);
    const busy = this.#step(this.#busy, nth, 0.02, 0, 1);
    const pressured = (1 - busy) * 0.2 * this.#random();
    const rate = Math.max(0, (this.#rate[nth] ?? 0) * (0.9 + 0.2 * this.#random()));
    const pending = Math.floor(this.#step(this.#pending, nth, 1_000, 0, 1e6));
    return {
      ...jobOf(vertex),
      atMs: atMs + Math.floor(vertex / VERTICES_PER_JOB),
      vertexId: String(vertex).padStart(32, '0'),
      subtask: nth % SUBTASKS,
      attempt: 0,
      figures: {
        busyRatio: busy,
        backPressuredRatio: pressured,
        idleRatio: 1 - busy - pressured,
        recordsInPerSecond: rate,
        recordsOutPerSecond: rate * (0.5 + this.#random()),
        bytesInPerSecond: rate * 210 * (0.95 + 0.1 * this.#random()),
        bytesOutPerSecond: rate * 180 * (0.95 + 0.1 * this.#random()),
        pendingRecords: pending,
        watermarkMs: atMs - Math.floor(5_000 * this.#random()),
      },
    };
  }

  #step(state: Float64Array, nth: number, size: number, low: number, high: number): number {
    const next = Math.min(high, Math.max(low, (state[nth] ?? 0) + (this.#random() - 0.5) * 2 * size));
    state[nth] = next;
    return next;
  }

  #random(): number {
    this.#seed = (this.#seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return this.#seed / 2 ** 32;
  }
}

const jobOf = (vertex: number): { cluster: string; jobName: string; jobId: string } => {
  const job = Math.floor(vertex / VERTICES_PER_JOB);
  return { cluster: 'bench', jobName: `job-${job}`, jobId: String(job).padStart(32, '0') };
};

interface Opened {
  readonly store: DuckDbStore;
  readonly dir: string;
  setMs(ms: number): void;
  end(): Promise<void>;
}

async function opened(startMs: number): Promise<Opened> {
  const dir = mkdtempSync(join(tmpdir(), 'weir-bench-'));
  let nowMs = startMs;
  const store = await openDuckDbStore({
    dir,
    autoFlush: false,
    clock: { nowMs: () => nowMs, sleep: () => new Promise(() => undefined) },
    retention: { rawMs: 2 * DAY_MS, rollupMs: 90 * DAY_MS },
  });
  return {
    store,
    dir,
    setMs: (ms) => {
      nowMs = ms;
    },
    end: async () => {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export async function storeWrite(): Promise<Work> {
  let atMs = Date.now() - 3_600_000;
  const { store, end, setMs } = await opened(atMs);
  const walk = new Walk(STORE_ROWS);
  let next = walk.batch(atMs);
  return {
    work: `append and flush ${STORE_ROWS} subtask rows of ${FIGURES} figures to DuckDB`,
    runs: 15,
    prepare: () => {
      atMs += BEAT_MS;
      setMs(atMs);
      next = walk.batch(atMs);
    },
    run: async () => {
      const kept = store.append(next);
      await store.flush();
      await kept;
    },
    end,
  };
}

/** A simulated day of a part of 100 000 series, with roll-ups as the service makes them. */
export async function storeDay(): Promise<Work> {
  const startMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS;
  const { store, dir, end, setMs } = await opened(startMs);
  const walk = new Walk(Math.floor(DAY_SERIES / FIGURES));
  const samples = (DAY_MS / BEAT_MS) * walk.count * FIGURES;
  let writeMs = 0;
  let sizes = { days: 0, records: 0 };
  return {
    work: `${walk.count * FIGURES} series every ${BEAT_MS / 1000} s for one simulated day, ${Math.round(samples / 1e6)} million samples, roll-ups included; the figure for 100 000 series is extrapolated`,
    runs: 1,
    warmUpRuns: 0,
    run: async () => {
      for (let atMs = startMs; atMs < startMs + DAY_MS; atMs += BEAT_MS) {
        setMs(atMs);
        const batch = walk.batch(atMs);
        const startedMs = performance.now();
        void store.append(batch);
        await store.flush();
        writeMs += performance.now() - startedMs;
        if (atMs % ROLLUP_MS === 0) await store.maintain(atMs);
      }
      await store.maintain(startMs + DAY_MS + 3 * ROLLUP_MS);
      await store.close();
      sizes = sizesIn(dir);
    },
    figures: () => ({
      bytesPerSample: rounded(sizes.days / samples),
      rollupBytesPerSample: rounded(sizes.records / samples),
      writeUsPerSample: rounded((writeMs * 1000) / samples),
      gibADayAt100kSeries: rounded(((sizes.days + sizes.records) / walk.count / FIGURES) * (100_000 / 2 ** 30)),
    }),
    end: () => end().catch(() => undefined),
  };
}

function sizesIn(dir: string): { readonly days: number; readonly records: number } {
  const sizes = { days: 0, records: 0 };
  for (const name of readdirSync(dir)) {
    if (!name.includes('.duckdb')) continue;
    sizes[name.startsWith('weir-records') ? 'records' : 'days'] += statSync(join(dir, name)).size;
  }
  return sizes;
}

/**
 * Seven days of 200 vertex series at steps of five minutes: rolled up, but for the end of the last day. Also how long the
 * event loop stood still meanwhile, and what one subtask's hour and day cost, which only single readings tell.
 */
export async function storeQuery(): Promise<Work> {
  const endMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const { store, end, setMs } = await opened(endMs - WEEK_DAYS * DAY_MS);
  const walk = new Walk(QUERY_VERTICES * SUBTASKS);
  for (let atMs = endMs - WEEK_DAYS * DAY_MS; atMs < endMs; atMs += ROLLUP_MS) {
    setMs(atMs);
    // A reading every five minutes makes as many roll-ups as one every ten seconds; the last day has all of them.
    const beats = atMs >= endMs - DAY_MS ? ROLLUP_MS / BEAT_MS : 1;
    for (let beat = 0; beat < beats; beat += 1) void store.append(walk.batch(atMs + beat * BEAT_MS));
    // One flush for all of them: what is measured is the reading.
    await store.flush();
    if (atMs % (12 * ROLLUP_MS) === 0) await store.maintain(atMs);
  }
  setMs(endMs);
  await store.maintain(endMs);
  const week = (vertex: number): SeriesQuery => ({
    cluster: 'bench',
    jobName: jobOf(vertex).jobName,
    vertexId: String(vertex).padStart(32, '0'),
    metric: 'busyRatio',
    fromMs: endMs - WEEK_DAYS * DAY_MS,
    toMs: endMs,
    points: (WEEK_DAYS * DAY_MS) / ROLLUP_MS,
  });
  const queries = Array.from({ length: QUERY_SERIES }, (_, vertex) => week(vertex));
  const points = (await store.seriesOf(queries)).flat().length;
  const subtask = { ...week(0), subtask: 3, points: 360 };
  const subtaskDayMs = await timed(() => store.series({ ...subtask, fromMs: endMs - DAY_MS }));
  const subtaskHourMs = await timed(() => store.series({ ...subtask, fromMs: endMs - HOUR_MS }));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  return {
    work: `${QUERY_SERIES} vertex series × 7 days at 5-minute steps, ${points} points, last day also raw (${walk.count} subtasks every ${BEAT_MS / 1000} s)`,
    runs: 15,
    prepare: () => delay.enable(),
    run: () => store.seriesOf(queries),
    figures: () => ({
      loopLagMaxMs: rounded(delay.max / 1e6),
      subtaskHourMs: rounded(subtaskHourMs),
      subtaskDayMs: rounded(subtaskDayMs),
    }),
    end,
  };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  await run();
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
