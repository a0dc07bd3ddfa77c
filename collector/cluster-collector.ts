import { systemClock, type Clock } from './clock.js';
import type { ClusterCollector, ClusterCollectorOptions, CollectorStatus, RoundResult } from './collector-types.js';
import type { FlinkClient } from './flink/client.js';
import { ClusterRecord } from './history/cluster-record.js';
import { toJobHistories, toJobHistory } from './history/job-history.js';
import { DEFAULT_INTERVAL_MS, DEFAULT_MAX_REQUESTS_PER_SECOND, FOCUS_MS, ROWS_PER_PART } from './limits.js';
import { defined, type JobHistory, type ReadFailure } from './model/index.js';
import { backOffMs } from './plan/back-off.js';
import { beatMsFor } from './plan/beat.js';
import { createBudget, stretchedToMs, type Budget } from './plan/budget.js';
import { RequestRate } from './request-rate.js';
import { BatchBuilder } from './round/batch-builder.js';
import { readRound } from './round/read-round.js';
import type { SeriesBatch } from './store/series-store.js';

/**
 * Reads one cluster on its own clock and holds what it read. Each cluster has its own collector, so that a slow one
 * delays no other.
 */
export function createClusterCollector(options: ClusterCollectorOptions): ClusterCollector {
  return new LoopingCollector(options);
}

class LoopingCollector implements ClusterCollector {
  readonly #options: ClusterCollectorOptions;
  readonly #client: FlinkClient;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #budget: Budget;
  readonly #record: ClusterRecord;
  readonly #rate = new RequestRate();
  readonly #listeners = new Set<(result: RoundResult) => unknown>();
  readonly #partListeners = new Set<(batch: SeriesBatch) => void>();
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;
  #rounds = 0;
  #failuresInARow = 0;
  #stretchedToMs: number | undefined;
  /** From one beat to the next: the interval, or longer on a cluster with very many tasks. */
  #beatMs: number;

  constructor(options: ClusterCollectorOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#clock = options.clock ?? systemClock;
    this.#intervalMs = options.intervalMs ?? DEFAULT_INTERVAL_MS;
    this.#beatMs = this.#intervalMs;
    this.#budget = createBudget(options.maxRequestsPerSecond ?? DEFAULT_MAX_REQUESTS_PER_SECOND, this.#clock);
    this.#record = new ClusterRecord(options.name, options.simulated ?? false, options.endedKeptMs);
    this.#client.setPace(() => this.#budget.take(this.#stop.signal));
  }

  start(earlierByShare = 0): void {
    this.#loop ??= this.#run(earlierByShare);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    // Ends the requests under way, so that nobody waits for a cluster that does not answer.
    await this.#client.close();
    await this.#loop;
  }

  async readOnce(): Promise<RoundResult> {
    const startMs = this.#clock.nowMs();
    const before = this.#budget.taken;
    const batch = new BatchBuilder(this.#options.name);
    const failure = await readRound({
      client: this.#client,
      cluster: this.#record,
      ...(this.#options.reporters === undefined ? {} : { reporters: this.#options.reporters }),
      batch,
      handOver: () => {
        if (batch.subtaskRows >= ROWS_PER_PART) this.#handOver(batch);
      },
      clock: this.#clock,
      round: this.#rounds,
      requestsPerBeat: (this.#budget.perSecond * this.#intervalMs) / 1000,
      beatMs: this.#beatMs,
      signal: this.#stop.signal,
    });
    const endMs = this.#clock.nowMs();
    const requests = this.#budget.taken - before;
    this.#noteRound(failure, endMs, requests);
    const result = defined<RoundResult>({
      cluster: this.#options.name,
      atMs: endMs,
      ok: failure === undefined,
      failure,
      durationMs: endMs - startMs,
      requests,
      batch: batch.take(),
    });
    this.#options.observer?.onCycle?.(this.#options.name, (endMs - startMs) / 1000);
    // A round that `stop` has cut off says nothing about the cluster.
    if (!this.#stop.signal.aborted) await this.#tell(result);
    return result;
  }

  histories(nowMs: number): readonly JobHistory[] {
    return toJobHistories(this.#record, nowMs);
  }

  jobHistory(jobId: string): JobHistory | undefined {
    const job = this.#record.job(jobId);
    return job === undefined ? undefined : toJobHistory(this.#record, job);
  }

  focus(jobId: string, vertexIds?: readonly string[]): void {
    const job = this.#record.job(jobId);
    const untilMs = this.#clock.nowMs() + FOCUS_MS;
    for (const { vertexId } of job?.vertices ?? [])
      if (vertexIds === undefined || vertexIds.includes(vertexId)) job?.vertex(vertexId).keepInterest(untilMs);
  }

  status(): CollectorStatus {
    const { overview, failure, lastReadMs } = this.#record;
    return defined<CollectorStatus>({
      name: this.#options.name,
      url: this.#client.url,
      reachable: failure === undefined && lastReadMs !== undefined,
      failure,
      flinkVersion: overview?.flinkVersion,
      overview,
      lastReadMs,
      requestsPerMinute: this.#rate.perMinute(this.#clock.nowMs()),
      rounds: this.#rounds,
      stretchedToMs: this.#stretchedToMs,
    });
  }

  onRound(listener: (result: RoundResult) => unknown): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  onPart(listener: (batch: SeriesBatch) => void): () => void {
    this.#partListeners.add(listener);
    return () => {
      this.#partListeners.delete(listener);
    };
  }

  #handOver(batch: BatchBuilder): void {
    if (this.#partListeners.size === 0) return;
    const part = batch.take();
    for (const listener of this.#partListeners) {
      try {
        listener(part);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  /** The one place that catches: a bug in one round must not end the watch. */
  async #run(earlierByShare: number): Promise<void> {
    let dueMs = this.#clock.nowMs();
    while (!this.#stop.signal.aborted) {
      const startMs = this.#clock.nowMs();
      this.#options.observer?.onLag?.(this.#options.name, Math.max(0, startMs - dueMs) / 1000);
      try {
        await this.readOnce();
      } catch (error) {
        this.#failuresInARow += 1;
        this.#report(error);
      }
      const waitMs = this.#waitMs();
      dueMs = startMs + waitMs;
      if (this.#rounds === 1) dueMs = firstFrom(this.#clock.nowMs(), dueMs - earlierByShare * waitMs, waitMs);
      await this.#clock.sleep(dueMs - this.#clock.nowMs(), this.#stop.signal);
    }
  }

  #waitMs(): number {
    if (this.#failuresInARow === 0) return this.#beatMs;
    return backOffMs(this.#failuresInARow, this.#intervalMs, (this.#options.random ?? Math.random)());
  }

  #noteRound(failure: ReadFailure | undefined, atMs: number, requests: number): void {
    this.#rounds += 1;
    this.#rate.add(atMs, requests);
    this.#failuresInARow = failure === undefined ? 0 : this.#failuresInARow + 1;
    if (failure !== undefined) return;
    this.#beatMs = beatMsFor(this.#record.tasks, this.#intervalMs, this.#record.jobManagerCores);
    const forRequestsMs = stretchedToMs(requests, this.#budget.perSecond, this.#beatMs);
    this.#stretchedToMs = forRequestsMs ?? (this.#beatMs > this.#intervalMs ? this.#beatMs : undefined);
  }

  async #tell(result: RoundResult): Promise<void> {
    for (const listener of this.#listeners) {
      try {
        await listener(result);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  #report(error: unknown): void {
    this.#options.onBug?.(error instanceof Error ? error : new Error(String(error)));
  }
}

/** The first of the times `atMs`, `atMs + everyMs` … that is not past: a first round longer than a beat keeps its place in the beat. */
const firstFrom = (nowMs: number, atMs: number, everyMs: number): number =>
  atMs + Math.max(0, Math.ceil((nowMs - atMs) / everyMs)) * everyMs;
