import { systemClock, type Clock } from '../../clock.js';
import { defined, type Checkpoint, type JobException } from '../../model/index.js';
import {
  DEFAULT_MAX_BYTES,
  DEFAULT_MIN_FREE_BYTES,
  DEFAULT_RAW_KEPT_MS,
  DEFAULT_ROLLUP_KEPT_MS,
  FIRST_MAINTENANCE_AFTER_MS,
  FLUSH_EVERY_MS,
  MAINTAIN_EVERY_MS,
  MAX_QUEUED_ROWS,
  ROWS_PER_TRANSACTION,
  TEXT_BYTES_PER_TRANSACTION,
} from '../limits.js';
import type {
  JobEvent,
  JobSelector,
  ReportQuery,
  ReportRecord,
  SeriesBatch,
  SeriesPoint,
  SeriesQuery,
  SeriesStore,
  StoredJob,
  StoreHealth,
  TimeRange,
} from '../series-store.js';
import { rowsOf, WriteQueue, type WaitingBatch } from '../write-queue.js';
import { Database } from './database.js';
import { DiskFullError, invalidatedCatalog, messageOf } from './errors.js';
import { dropDays, dropRaw, maintain, type Retention } from './maintenance.js';
import { readCheckpoints, readEvents, readExceptions, readJobs, readReports } from './read-records.js';
import { readSeries } from './read-series.js';
import { diskRoom, type DiskLimits } from './disk-room.js';
import { writeBatches, type WriteResult } from './writer.js';

export interface DuckDbStoreOptions {
  /** The data directory; made when it is not there. One process owns it. */
  readonly dir: string;
  /** Default 3 days of samples, 90 days of roll-ups and records. */
  readonly retention?: Retention;
  /** Told in one line what an operator should know: damaged files, failed writes. */
  readonly log?: (line: string) => void;
  readonly observer?: StoreObserver;
  readonly clock?: Clock;
  readonly maxQueuedRows?: number;
  /** What the directory may take; the oldest days of samples go first, then nothing is written. Default 20 GiB. */
  readonly maxBytes?: number;
  /** What stays free on the disk, likewise. Default 1 GiB. */
  readonly minFreeBytes?: number;
  /** False: only `flush()` writes. For tests. */
  readonly autoFlush?: boolean;
}

/** What the store tells `/metrics`. */
export interface StoreObserver {
  onWrite?(seconds: number, rows: number): void;
}

export interface DuckDbStore extends SeriesStore {
  /** Roll-up and retention now; otherwise it happens every hour. */
  maintain(nowMs: number): Promise<void>;
}

/**
 * Opens the embedded store. Rejects with `StoreLockedError` when another process owns the directory, with
 * `StoreVersionError` when a newer Weir wrote it, and with what the machine says (no permission, no space).
 */
export async function openDuckDbStore(options: DuckDbStoreOptions): Promise<DuckDbStore> {
  const clock = options.clock ?? systemClock;
  const database = await Database.open(options.dir, clock, options.log ?? (() => undefined));
  return new EmbeddedStore(database, options, clock);
}

class EmbeddedStore implements DuckDbStore {
  readonly #database: Database;
  readonly #options: DuckDbStoreOptions;
  readonly #clock: Clock;
  readonly #retention: Retention;
  readonly #limits: DiskLimits;
  readonly #queue: WriteQueue;
  readonly #closing = new AbortController();
  readonly #loops: readonly Promise<void>[];
  /** Everything that writes goes through here, one after the other. */
  #writing: Promise<void> = Promise.resolve();
  #written = 0;
  #flushesSoon = false;
  #lastError: string | undefined;
  #lastFlushMs: number | undefined;
  #lastFlushSeconds: number | undefined;
  #diskBytes: number | undefined;

  constructor(database: Database, options: DuckDbStoreOptions, clock: Clock) {
    this.#database = database;
    this.#options = options;
    this.#clock = clock;
    this.#retention = options.retention ?? { rawMs: DEFAULT_RAW_KEPT_MS, rollupMs: DEFAULT_ROLLUP_KEPT_MS };
    this.#limits = {
      maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
      minFreeBytes: options.minFreeBytes ?? DEFAULT_MIN_FREE_BYTES,
    };
    this.#queue = new WriteQueue(options.maxQueuedRows ?? MAX_QUEUED_ROWS);
    this.#loops =
      options.autoFlush === false
        ? []
        : [
            this.#every(FLUSH_EVERY_MS, FLUSH_EVERY_MS, () => this.flush()),
            this.#every(FIRST_MAINTENANCE_AFTER_MS, MAINTAIN_EVERY_MS, () => this.maintain(clock.nowMs())),
          ];
  }

  append(batch: SeriesBatch): Promise<boolean> {
    const kept = this.#queue.add(batch);
    if (this.#options.autoFlush !== false && this.#queue.rows >= ROWS_PER_TRANSACTION) this.#flushSoon();
    return kept;
  }

  appendEvents(events: readonly JobEvent[]): Promise<boolean> {
    return this.#queue.add({ events });
  }

  saveReport(report: ReportRecord): Promise<boolean> {
    return this.#queue.add({ reports: [report] });
  }

  async series(query: SeriesQuery): Promise<readonly SeriesPoint[]> {
    const [points] = await readSeries(this.#database, [query]);
    return points ?? [];
  }

  seriesOf(queries: readonly SeriesQuery[]): Promise<readonly (readonly SeriesPoint[])[]> {
    return readSeries(this.#database, queries);
  }

  checkpoints(job: JobSelector, range: TimeRange): Promise<readonly Checkpoint[]> {
    return readCheckpoints(this.#database, job, range);
  }

  exceptions(job: JobSelector, range: TimeRange): Promise<readonly JobException[]> {
    return readExceptions(this.#database, job, range);
  }

  events(job: JobSelector, range: TimeRange): Promise<readonly JobEvent[]> {
    return readEvents(this.#database, job, range);
  }

  loadReports(query: ReportQuery): Promise<readonly ReportRecord[]> {
    return readReports(this.#database, query);
  }

  jobs(range: TimeRange): Promise<readonly StoredJob[]> {
    return readJobs(this.#database, range);
  }

  dropBefore(ms: number): Promise<void> {
    return this.#write(() => dropRaw(this.#database, ms));
  }

  maintain(nowMs: number): Promise<void> {
    return this.#write(() => maintain(this.#database, nowMs, this.#retention));
  }

  health(): StoreHealth {
    return defined<StoreHealth>({
      kind: 'duckdb',
      ok: this.#lastError === undefined,
      lastError: this.#lastError,
      queuedRows: this.#queue.rows,
      droppedRows: this.#queue.dropped,
      writtenRows: this.#written,
      lastFlushMs: this.#lastFlushMs,
      lastFlushSeconds: this.#lastFlushSeconds,
      diskBytes: this.#diskBytes,
      damagedFiles: [...this.#database.damaged],
    });
  }

  flush(): Promise<void> {
    return this.#write(() => this.#flushQueue());
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#loops);
    await this.flush();
    this.#queue.drop(this.#queue.take());
    this.#database.close();
  }

  /** Does not wait for its time: so many rows are there already. */
  #flushSoon(): void {
    if (this.#flushesSoon) return;
    this.#flushesSoon = true;
    void this.#write(() => {
      this.#flushesSoon = false;
      return this.#flushQueue();
    });
  }

  /** What waited at the start, in transactions of bounded size. */
  async #flushQueue(): Promise<void> {
    for (let left = this.#queue.rows; left > 0;) {
      const taken = await this.#writeSome();
      if (taken === undefined) return;
      left -= taken;
    }
  }

  /** One transaction: how many rows it took from the queue; undefined when it failed. */
  async #writeSome(): Promise<number | undefined> {
    const startMs = performance.now();
    await this.#makeRoom();
    const oldestMs = this.#clock.nowMs() - this.#retention.rawMs;
    const taken = this.#queue.take(ROWS_PER_TRANSACTION, TEXT_BYTES_PER_TRANSACTION);
    const { written, left, error } = await this.#writeOrDrop(taken, oldestMs);
    this.#queue.putBack(left);
    this.#written += written;
    const seconds = (performance.now() - startMs) / 1000;
    this.#noteError(error);
    if (error !== undefined) {
      await this.#reopen(error);
      return undefined;
    }
    this.#lastFlushMs = this.#clock.nowMs();
    this.#lastFlushSeconds = seconds;
    this.#options.observer?.onWrite?.(seconds, written);
    return rowsOf(taken);
  }

  /** What nobody can write is dropped and counted, so that what comes after it is written. */
  async #writeOrDrop(taken: readonly WaitingBatch[], oldestMs: number): Promise<WriteResult> {
    try {
      return await writeBatches(this.#database, taken, oldestMs);
    } catch (error) {
      this.#queue.drop(taken);
      throw error;
    }
  }

  /** The oldest days go before the disk is full; when that is not enough, nothing is written until there is room. */
  async #makeRoom(): Promise<void> {
    for (;;) {
      const room = await diskRoom(this.#database.dir, this.#limits);
      this.#diskBytes = room.usedBytes;
      if (room.problem === undefined) return;
      const [oldest, ...others] = this.#database.days;
      if (oldest === undefined || others.length === 0) throw new DiskFullError(room.problem);
      this.#options.log?.(`store: ${room.problem}; the samples of ${oldest} are deleted.`);
      await dropDays(this.#database, [oldest]);
    }
  }

  /** One write after the other; a failed one is noted and does not stop the next. */
  #write(work: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(() => this.#tried(work));
    return this.#writing;
  }

  async #tried(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      this.#noteError(error);
      await this.#reopen(error);
    }
  }

  /** Where it fails it is tried with the next write. */
  async #reopen(error: Error): Promise<void> {
    const catalog = invalidatedCatalog(messageOf(error));
    if (catalog === undefined) return;
    await this.#database.reattach(catalog).catch((cause: unknown) => {
      this.#noteError(cause instanceof Error ? cause : new Error(String(cause)));
    });
  }

  #noteError(error: Error | undefined): void {
    const message = error === undefined ? undefined : messageOf(error);
    if (message !== undefined && message !== this.#lastError)
      this.#options.log?.(
        `store: writing to ${this.#database.dir} failed (${message}); rows wait and are tried again.`,
      );
    this.#lastError = message;
  }

  async #every(firstMs: number, ms: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#closing;
    await this.#clock.sleep(firstMs, signal);
    while (!signal.aborted) {
      await work();
      await this.#clock.sleep(ms, signal);
    }
  }
}
