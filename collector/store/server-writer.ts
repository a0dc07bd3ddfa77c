import type { Clock } from '../clock.js';
import { defined } from '../model/index.js';
import { FLUSH_EVERY_MS, ROWS_PER_REQUEST } from './limits.js';
import type { SeriesBatch, StoredBatch, StoreHealth } from './series-store.js';
import { rowsOf, WriteQueue, type WaitingBatch } from './write-queue.js';

/** The server will never have this; trying again helps nothing. */
export class RefusedError extends Error {}

export interface ServerWriterOptions {
  readonly kind: StoreHealth['kind'];
  readonly clock: Clock;
  readonly maxQueuedRows: number;
  /** False: only `flush()` writes. For tests. */
  readonly autoFlush: boolean;
  readonly log: (line: string) => void;
  /** Durable when it resolves; rejects with `RefusedError` for what can never be written, with anything else to be tried again. */
  write(batches: readonly StoredBatch[]): Promise<void>;
}

/**
 * Brings batches to a server. While it is away they wait in a bounded queue, then the oldest are dropped and counted;
 * nobody waits for it.
 */
export class ServerWriter {
  readonly #options: ServerWriterOptions;
  readonly #queue: WriteQueue;
  readonly #closing = new AbortController();
  readonly #loop: Promise<void>;
  #writing: Promise<void> = Promise.resolve();
  #written = 0;
  #lastError: string | undefined;
  #lastFlushMs: number | undefined;
  #lastFlushSeconds: number | undefined;

  constructor(options: ServerWriterOptions) {
    this.#options = options;
    this.#queue = new WriteQueue(options.maxQueuedRows);
    this.#loop = options.autoFlush ? this.#flushAlways() : Promise.resolve();
  }

  add(batch: Partial<SeriesBatch & StoredBatch>): Promise<boolean> {
    return this.#queue.add(batch);
  }

  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#flushQueue());
    return this.#writing;
  }

  /** One last attempt; what the server does not take then is lost. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
    await this.flush();
    this.#queue.drop(this.#queue.take());
  }

  health(): StoreHealth {
    return defined<StoreHealth>({
      kind: this.#options.kind,
      ok: this.#lastError === undefined,
      lastError: this.#lastError,
      queuedRows: this.#queue.rows,
      droppedRows: this.#queue.dropped,
      writtenRows: this.#written,
      lastFlushMs: this.#lastFlushMs,
      lastFlushSeconds: this.#lastFlushSeconds,
      diskBytes: undefined,
      damagedFiles: [],
    });
  }

  async #flushQueue(): Promise<void> {
    const startMs = performance.now();
    // Not more than what waited at the start: a fast appender must not keep a flush from ending.
    for (let left = this.#queue.rows; left > 0;) {
      const taken = this.#queue.take(ROWS_PER_REQUEST);
      left -= rowsOf(taken);
      if (!(await this.#writeOrPutBack(taken))) return;
    }
    this.#noteError(undefined);
    this.#lastFlushMs = this.#options.clock.nowMs();
    this.#lastFlushSeconds = (performance.now() - startMs) / 1000;
  }

  /** False while the server is away. */
  async #writeOrPutBack(taken: readonly WaitingBatch[]): Promise<boolean> {
    try {
      await this.#options.write(taken.map(({ batch }) => batch));
      this.#written += rowsOf(taken);
      for (const one of taken) one.settle(true);
      return true;
    } catch (error) {
      this.#noteError(error);
      if (!(error instanceof RefusedError)) {
        this.#queue.putBack(taken);
        return false;
      }
      if (taken.length === 1) this.#queue.drop(taken);
      // One of them is refused: which one shows when each goes alone.
      else for (const one of taken) await this.#writeOrPutBack([one]);
      return true;
    }
  }

  #noteError(error: unknown): void {
    const message = error === undefined ? undefined : error instanceof Error ? error.message : String(error);
    if (message !== undefined && message !== this.#lastError)
      this.#options.log(`store: writing failed (${message}); ${error instanceof RefusedError ? 'these rows are lost.' : 'rows wait and are tried again.'}`); // prettier-ignore
    this.#lastError = message;
  }

  async #flushAlways(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#options.clock.sleep(FLUSH_EVERY_MS, signal);
      if (!signal.aborted) await this.flush();
    }
  }
}
