import type { FlinkVersion } from '../../collector/model/index.js';

/** An unknown version is taken for the newest: the names of today. */
function isBefore(version: FlinkVersion | undefined, major: number, minor: number): boolean {
  return version !== undefined && (version.major < major || (version.major === major && version.minor < minor));
}

/** Names that options had or have; checked against the options of each version's own classes. */
export const optionKeys = {
  restartStrategy: (version: FlinkVersion | undefined): string =>
    isBefore(version, 1, 17) ? 'restart-strategy' : 'restart-strategy.type',
  /** Undefined where this Flink has no such limit. */
  restartAttempts: (version: FlinkVersion | undefined): string | undefined =>
    isBefore(version, 1, 19) ? undefined : 'restart-strategy.exponential-delay.attempts-before-reset-backoff',
  unaligned: (version: FlinkVersion | undefined): string =>
    isBefore(version, 1, 17) ? 'execution.checkpointing.unaligned' : 'execution.checkpointing.unaligned.enabled',
  alignedTimeout: (version: FlinkVersion | undefined): string =>
    isBefore(version, 1, 14)
      ? 'execution.checkpointing.alignment-timeout'
      : 'execution.checkpointing.aligned-checkpoint-timeout',
  incremental: (version: FlinkVersion | undefined): string =>
    isBefore(version, 1, 20) ? 'state.backend.incremental' : 'execution.checkpointing.incremental',
  rpcFrameSize: (version: FlinkVersion | undefined): string =>
    isBefore(version, 1, 18) ? 'akka.framesize' : 'pekko.framesize',
  /** Metrics that tell why RocksDB is slow; the tickers came with 1.16. */
  rocksdbMetrics: (version: FlinkVersion | undefined): readonly string[] => [
    'is-write-stopped',
    'actual-delayed-write-rate',
    'estimate-pending-compaction-bytes',
    ...(isBefore(version, 1, 16) ? [] : ['block-cache-hit', 'block-cache-miss']),
  ],
  checkpointDirectory: (version: FlinkVersion | undefined): string =>
    isBefore(version, 1, 20) ? 'state.checkpoints.dir' : 'execution.checkpointing.dir',
  localRecovery: (version: FlinkVersion | undefined): string =>
    isBefore(version, 1, 20) ? 'state.backend.local-recovery' : 'execution.state-recovery.from-local',
  highAvailability: (version: FlinkVersion | undefined): string =>
    isBefore(version, 1, 17) ? 'high-availability' : 'high-availability.type',
  bufferTimeout: (version: FlinkVersion | undefined): string =>
    isBefore(version, 1, 17) ? 'execution.buffer-timeout' : 'execution.buffer-timeout.interval',
  chaining: (version: FlinkVersion | undefined): string =>
    isBefore(version, 1, 18) ? 'pipeline.operator-chaining' : 'pipeline.operator-chaining.enabled',
  /** The option that spreads slots over TaskManagers, and its value. */
  spreadSlots: (version: FlinkVersion | undefined): readonly [key: string, value: string] =>
    isBefore(version, 1, 19) ? ['cluster.evenly-spread-out-slots', 'true'] : ['taskmanager.load-balance.mode', 'SLOTS'],
  /** The option that spreads the tasks of each job over TaskManagers; undefined where this Flink only spreads slots. */
  spreadTasks: (version: FlinkVersion | undefined): readonly [key: string, value: string] | undefined =>
    isBefore(version, 2, 2) ? undefined : ['taskmanager.load-balance.mode', 'TASKS'],
} as const;
