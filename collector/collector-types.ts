import type { ClusterOverview, FlinkVersion, JobHistory, ReadFailure } from './model/index.js';
import type { Clock } from './clock.js';
import type { FlinkClient } from './flink/client.js';
import type { CollectorObserver } from './observer.js';
import type { Reporters } from './prometheus/reporters.js';
import type { SeriesBatch } from './store/series-store.js';

export interface ClusterCollectorOptions {
  /** The cluster's name in Weir; with the job's name it is the job's identity. */
  readonly name: string;
  readonly client: FlinkClient;
  /** The cluster's Prometheus reporters, from which `client` takes figures: read once a round. */
  readonly reporters?: Pick<Reporters, 'refresh'>;
  /** Beat of the rounds, ms. Default `DEFAULT_INTERVAL_MS` (10 s). */
  readonly intervalMs?: number;
  /** Budget of this cluster. Default `DEFAULT_MAX_REQUESTS_PER_SECOND`. */
  readonly maxRequestsPerSecond?: number;
  /** How long an ended job is shown. Default `ENDED_JOB_KEPT_MS` (1 h), after which Flink forgets it too. */
  readonly endedKeptMs?: number;
  /** True for the demo cluster. */
  readonly simulated?: boolean;
  readonly clock?: Clock;
  /** 0..1, for the jitter of the back-off. Default `Math.random`. */
  readonly random?: () => number;
  readonly observer?: CollectorObserver;
  /** Called with an error that should not happen (a bug, a listener that throws); the loop goes on. */
  readonly onBug?: (error: Error) => void;
}

/** What one round brought. */
export interface RoundResult {
  readonly cluster: string;
  readonly atMs: number;
  /** False when the cluster could not be read at all. */
  readonly ok: boolean;
  readonly failure?: ReadFailure;
  readonly durationMs: number;
  readonly requests: number;
  /** Rows that are new in this round and in no part before it, ready for `SeriesStore.append`. */
  readonly batch: SeriesBatch;
}

export interface CollectorStatus {
  readonly name: string;
  readonly url: string;
  readonly reachable: boolean;
  /** Why the cluster cannot be read, while it cannot; missing before the first round too. */
  readonly failure?: ReadFailure;
  readonly flinkVersion?: FlinkVersion;
  readonly overview?: ClusterOverview;
  /** When the cluster last answered. */
  readonly lastReadMs?: number;
  readonly requestsPerMinute: number;
  /** Rounds since start, failed ones included. */
  readonly rounds: number;
  /** How long a round takes when the budget does not fit the interval; missing when it fits. */
  readonly stretchedToMs?: number;
}

export interface ClusterCollector {
  /**
   * Starts the loop; the first round begins at once, the second earlier by this share (0 to 1) of a beat, so that clusters which
   * start together do not read together from then on (`beatShare`).
   */
  start(earlierByShare?: number): void;
  /** Ends the loop, waits for the running round, closes the client. */
  stop(): Promise<void>;
  /** One round now. Never rejects for a cluster that fails. Not while the loop runs. */
  readOnce(): Promise<RoundResult>;
  /** All jobs known, ended ones for an hour included. */
  histories(nowMs: number): readonly JobHistory[];
  jobHistory(jobId: string): JobHistory | undefined;
  /**
   * Somebody looks at these vertices, or a verdict wants them: their subtasks are read in every beat for a minute. All of
   * the job without `vertexIds`; an unknown job is nothing.
   */
  focus(jobId: string, vertexIds?: readonly string[]): void;
  status(): CollectorStatus;
  /** The next round waits for what the listener promises. Returns the function that ends the subscription. */
  onRound(listener: (result: RoundResult) => unknown): () => void;
  /**
   * What a large cluster's round has brought so far, each time it is `ROWS_PER_PART` rows, so that nobody holds a million rows until
   * its end; jobs come whole. Without a listener all of it comes with the round.
   */
  onPart(listener: (batch: SeriesBatch) => void): () => void;
}
