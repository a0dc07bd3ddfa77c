/**
 * Metrics beyond load and counts: of tasks, operators, connectors and state backends. Many exist only where an option or a
 * connector brings them, so they are looked for in the vertex's own list. Names: Flink's metrics page of 1.13 to 2.3,
 * Kafka's consumer and producer metrics as the connector hands them on, RocksDB's properties and tickers.
 */

const TASK = [
  'checkpointStartDelayNanos',
  'mailboxQueueSize',
  'hardBackPressuredTimeMsPerSecond',
  'softBackPressuredTimeMsPerSecond',
  'changelogBusyTimeMsPerSecond',
  'numFiredTimersPerSecond',
  'numBytesInPerSecond',
  'numBytesOutPerSecond',
  'numBytesInRemotePerSecond',
  'estimatedTimeToConsumeBuffersMs',
  'debloatedBufferSize',
  'initializationTime',
  'Shuffle.Netty.Input.Buffers.inPoolUsage',
  'Shuffle.Netty.Input.Buffers.inputExclusiveBuffersUsage',
  'Shuffle.Netty.Input.Buffers.inputFloatingBuffersUsage',
  'Shuffle.Netty.Output.Buffers.outPoolUsage',
];

const OPERATOR = [
  // Any operator with event time; sinks; sources of FLIP-27.
  'numLateRecordsDropped',
  'numRecordsSendErrors',
  'numRecordsOutErrors',
  'numRecordsInErrors',
  'currentSendTime',
  'pendingCommittables',
  'failedCommittables',
  'retriedCommittables',
  'successfulCommittables',
  'watermarkAlignmentDrift',
  'watermarkLag',
  'sourceIdleTime',
  'currentFetchEventTimeLag',
  'currentEmitEventTimeLag',
  // Sources that read a snapshot first (CDC).
  'isSnapshotting',
  'isProcessingBacklog',
  // Lookup caches of table sources.
  'hitCount',
  'missCount',
  'numCachedRecord',
  'lookupCacheHitRate',
  // Kafka.
  'commitsFailed',
  'records-lag-max',
  'records-consumed-rate',
  'bytes-consumed-rate',
  'fetch-latency-avg',
  'fetch-latency-max',
  'fetch-size-avg',
  'fetch-throttle-time-avg',
  'records-per-request-avg',
  'record-error-rate',
  'record-retry-rate',
  'request-latency-avg',
  'request-latency-max',
  'produce-throttle-time-avg',
  'record-queue-time-avg',
  'bufferpool-wait-ratio',
  'buffer-available-bytes',
  'waiting-threads',
  'batch-size-avg',
];

/** Properties that say how RocksDB fares; each is there only when its option is on. */
const ROCKSDB = [
  'actual-delayed-write-rate',
  'is-write-stopped',
  'num-immutable-mem-table',
  'mem-table-flush-pending',
  'num-running-flushes',
  'num-running-compactions',
  'compaction-pending',
  'estimate-pending-compaction-bytes',
  'estimate-num-keys',
  'estimate-live-data-size',
  'total-sst-files-size',
  'live-sst-files-size',
  'cur-size-all-mem-tables',
  'block-cache-usage',
  'block-cache-capacity',
  'block-cache-pinned-usage',
  'block.cache.hit',
  'block.cache.miss',
  'stall.micros',
  'background-errors',
];

/** Counters of what is lost. No load shows them, so they are read in each minute of every vertex that has them. */
const LOSSES = [
  'numLateRecordsDropped',
  'numRecordsSendErrors',
  'numRecordsOutErrors',
  'numRecordsInErrors',
  'failedCommittables',
  'commitsFailed',
];

const escaped = (names: readonly string[]): string =>
  names.map((name) => name.replaceAll(/[.-]/g, (sign) => (sign === '.' ? '[._]' : '[-_]'))).join('|');

const WANTED = new RegExp(
  `^(?:(?:${escaped(TASK)})|(?<operator>.+)\\.(?:(?:${escaped(OPERATOR)})|rocksdb[._](?:${escaped(ROCKSDB)})))$`,
);
/** One for each split or client: as many as there are partitions, and Weir looks at the operator. */
const OF_A_PART = /\.split\.|\.partition\.|\.topic\./;

/** Metrics of one vertex; a job with a hundred states in RocksDB has thousands. */
export const MAX_EXTRAS = 120;

/** Ids by operator, `''` for the task's own: what is asked together must exist together (fact 5). */
export type ExtraGroups = ReadonlyMap<string, readonly string[]>;

/** Which of a vertex's metrics are worth asking for now and then. */
export function extraGroups(ids: readonly string[]): ExtraGroups {
  const groups = new Map<string, string[]>();
  let taken = 0;
  for (const id of [...ids].sort()) {
    const match = OF_A_PART.test(id) ? null : WANTED.exec(id);
    if (match === null || taken === MAX_EXTRAS) continue;
    taken += 1;
    const operator = match.groups?.['operator'] ?? '';
    groups.set(operator, [...(groups.get(operator) ?? []), id]);
  }
  return groups;
}

/** What is read of them when nothing happens: only those that tell of a loss. */
export function lossesIn(groups: ExtraGroups): ExtraGroups {
  const losses = [...groups].map(([operator, ids]): [string, readonly string[]] => [
    operator,
    ids.filter((id) => LOSSES.some((name) => id.endsWith(`.${name}`))),
  ]);
  return new Map(losses.filter(([, ids]) => ids.length > 0));
}

/** Between two looks at the extras of a vertex that something happens to, or at losses; and of one that nothing happens to. */
const WATCHED_EVERY_MS = 60_000;
const QUIET_EVERY_MS = 300_000;
/** A task registers its metrics in the first seconds, and connectors theirs with the first split. */
const SETTLES_MS = 30_000;

export interface ExtraTurn {
  readonly vertexId: string;
  readonly runsSinceMs: number | undefined;
  /** When all of them were read, and when those that tell of a loss. */
  readonly lastReadMs: number | undefined;
  readonly lossesReadMs: number | undefined;
  readonly isWatched: boolean;
}

/** Which of a vertex's extras to read now. The first look of each is spread over a minute. */
export function extrasDue(
  { vertexId, runsSinceMs, lastReadMs, lossesReadMs, isWatched }: ExtraTurn,
  nowMs: number,
): 'all' | 'losses' | 'none' {
  if (runsSinceMs === undefined) return 'none';
  if (lastReadMs === undefined)
    return nowMs - runsSinceMs >= SETTLES_MS + (isWatched ? 0 : spreadMs(vertexId)) ? 'all' : 'none';
  if (nowMs - lastReadMs >= (isWatched ? WATCHED_EVERY_MS : QUIET_EVERY_MS)) return 'all';
  return nowMs - Math.max(lastReadMs, lossesReadMs ?? 0) >= WATCHED_EVERY_MS ? 'losses' : 'none';
}

/** Whether to look at the list of names again: connectors register late, and a new run may have others. */
export const wantsExtraNames = (learntMs: number | undefined, nowMs: number): boolean =>
  learntMs === undefined || nowMs - learntMs >= QUIET_EVERY_MS;

const spreadMs = (vertexId: string): number => (Number.parseInt(vertexId.slice(0, 4), 16) % 60) * 1000;
