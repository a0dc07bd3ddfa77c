import type { FlinkVersion } from '../../../collector/model/index.js';
import { readSet, type ConfigOption, type Configuration } from '../values/configuration.js';
import { readDuration, toMilliseconds } from '../values/duration.js';
import { readEnum } from '../values/enums.js';
import { isAtLeast } from '../values/flink-version.js';
import { readBoolean, readInteger, readLong } from '../values/java-numbers.js';
import { Refusal } from '../values/refusal.js';
import * as options from './checkpoint-options.js';

/** What a job's `CheckpointConfig` holds once it has read a configuration: values as they are set, or the defaults. */
export interface CheckpointConfig {
  /** Undefined: no checkpoints. */
  readonly intervalMs?: number;
  /** 0: none while sources have a backlog. */
  readonly intervalDuringBacklogMs?: number;
  readonly isExactlyOnce: boolean;
  readonly timeoutMs: number;
  readonly maxConcurrent: number;
  readonly minPauseMs: number;
  readonly tolerableFailures: number;
  readonly retention: (typeof RETENTIONS)[number];
  readonly isUnaligned: boolean;
  readonly alignedTimeoutMs: number;
  /** -1: none. */
  readonly ignoredInFlightCheckpointId: bigint;
  readonly continuesAfterTasksFinish: boolean;
  readonly recoversOutputDownstream: boolean;
  readonly prefersCheckpointForRecovery: boolean;
}

const MODES = ['EXACTLY_ONCE', 'AT_LEAST_ONCE'] as const;
const RETENTIONS = ['DELETE_ON_CANCELLATION', 'RETAIN_ON_CANCELLATION', 'NO_EXTERNALIZED_CHECKPOINTS'] as const;
/** `CheckpointCoordinatorConfiguration.MINIMAL_CHECKPOINT_TIME`. */
const SHORTEST_MS = 10;

/** `CheckpointConfig.configure`, in its order, by which the first of several mistakes is refused. @throws Refusal */
export function readCheckpointConfig(configuration: Configuration, version: FlinkVersion): CheckpointConfig {
  /** Undefined where the option is not set, or not known to this version. */
  const read = <T>(option: ConfigOption | undefined, reader: (text: string) => T): T | undefined =>
    option === undefined ? undefined : readSet(configuration, option, reader);
  const milliseconds = (option: ConfigOption | undefined): number | undefined => {
    const nanoseconds = read(option, (text) => readDuration(text, version));
    return nanoseconds === undefined ? undefined : toMilliseconds(nanoseconds);
  };
  const known = options.knownTo(version);

  const mode = read(options.MODE, (text) => readEnum(text, modeClass(version), MODES));
  const intervalMs = milliseconds(options.INTERVAL);
  mustBe(intervalMs === undefined || intervalMs >= SHORTEST_MS, tooShort('Checkpoint interval must be'));
  const intervalDuringBacklogMs = milliseconds(known.intervalDuringBacklog);
  mustBe(
    intervalDuringBacklogMs === undefined || intervalDuringBacklogMs === 0 || intervalDuringBacklogMs >= SHORTEST_MS,
    tooShort('Checkpoint interval must be zero or'),
  );
  const timeoutMs = milliseconds(options.TIMEOUT) ?? 600_000;
  mustBe(timeoutMs >= SHORTEST_MS, tooShort('Checkpoint timeout must be'));
  const maxConcurrent = read(options.MAX_CONCURRENT, readInteger) ?? 1;
  mustBe(maxConcurrent >= 1, 'The maximum number of concurrent attempts must be at least one.');
  const minPauseMs = milliseconds(options.MIN_PAUSE) ?? 0;
  const prefersCheckpointForRecovery = read(known.preferCheckpoint, readBoolean) ?? false;
  const tolerableFailures = read(options.TOLERABLE_FAILURES, readInteger) ?? 0;
  mustBe(tolerableFailures >= 0, 'The tolerable failure checkpoint number must be non-negative.');
  const retention = read(options.RETENTION, (text) => readEnum(text, retentionClass(version), RETENTIONS));
  const isUnaligned = read(known.unaligned, readBoolean) ?? false;
  read(known.interruptibleTimers, readBoolean);
  const ignoredInFlightCheckpointId = read(known.ignoredInFlightData, readLong) ?? -1n;
  const alignedTimeout = read(known.alignedTimeout, (text) => readDuration(text, version)) ?? 0n;
  read(known.subtasksPerStateFile, readInteger);
  read(options.FORCE_UNALIGNED, readBoolean);
  const continuesAfterTasksFinish = readContinuesAfterTasksFinish(configuration, version);
  const recoversOutputDownstream = read(known.recoverOutputDownstream, readBoolean) ?? false;
  return {
    ...(intervalMs === undefined ? {} : { intervalMs }),
    ...(intervalDuringBacklogMs === undefined ? {} : { intervalDuringBacklogMs }),
    isExactlyOnce: mode !== 'AT_LEAST_ONCE',
    timeoutMs,
    maxConcurrent,
    minPauseMs,
    tolerableFailures,
    retention: retention ?? 'NO_EXTERNALIZED_CHECKPOINTS',
    isUnaligned,
    alignedTimeoutMs: toMilliseconds(alignedTimeout),
    ignoredInFlightCheckpointId,
    continuesAfterTasksFinish,
    recoversOutputDownstream,
    prefersCheckpointForRecovery,
  };
}

/** False by default in 1.14, with which it came. @throws Refusal */
export function readContinuesAfterTasksFinish(configuration: Configuration, version: FlinkVersion): boolean {
  const { afterTasksFinish } = options.knownTo(version);
  const set = afterTasksFinish === undefined ? undefined : readSet(configuration, afterTasksFinish, readBoolean);
  return set ?? isAtLeast(version, 1, 15);
}

const tooShort = (what: string): string => `${what} larger than or equal to ${SHORTEST_MS} ms`;

function mustBe(holds: boolean, otherwise: string): void {
  if (!holds) throw new Refusal('IllegalArgumentException', otherwise);
}

/** The enum moved to `core.execution` with 1.20. */
const modeClass = (version: FlinkVersion): string =>
  `org.apache.flink.${isAtLeast(version, 1, 20) ? 'core.execution' : 'streaming.api'}.CheckpointingMode`;

const retentionClass = (version: FlinkVersion): string =>
  isAtLeast(version, 2, 0)
    ? 'org.apache.flink.configuration.ExternalizedCheckpointRetention'
    : 'org.apache.flink.streaming.api.environment.CheckpointConfig$ExternalizedCheckpointCleanup';
