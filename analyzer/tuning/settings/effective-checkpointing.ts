import type { FlinkVersion } from '../../../collector/model/index.js';
import { isAtLeast } from '../values/flink-version.js';
import { Refusal } from '../values/refusal.js';
import type { CheckpointConfig } from './checkpoint-config.js';

/** How a job checkpoints; what the JobManager is handed with the job graph (`CheckpointCoordinatorConfiguration`). */
export interface Checkpointing extends CheckpointConfig {
  readonly intervalMs: number;
  /** `Infinity`: no checkpoints while sources have a backlog. */
  readonly intervalDuringBacklogMs: number;
  /** After the rules of the checkpoint coordinator. */
  readonly coordinator: CoordinatorSettings;
}

export interface CoordinatorSettings {
  readonly intervalMs: number;
  readonly intervalDuringBacklogMs: number;
  readonly minPauseMs: number;
}

/** `CheckpointCoordinator`: a pause is a year at most. */
const LONGEST_PAUSE_MS = 365 * 86_400_000;

/**
 * `StreamingJobGraphGenerator.configureCheckpointing`; undefined where the job makes no checkpoints, which a batch job
 * never does.
 *
 * @throws Refusal where Flink refuses to build the job
 */
export function effectiveCheckpointing(
  config: CheckpointConfig,
  version: FlinkVersion,
  isBatch: boolean,
): Checkpointing | undefined {
  const intervalMs = isBatch ? undefined : config.intervalMs;
  const intervalDuringBacklogMs = duringBacklogMs(config, intervalMs);
  // Without checkpoints the mode counts as AT_LEAST_ONCE; with that, unaligned has no effect, except in 2.0 and 2.1.
  const isExactlyOnce = intervalMs !== undefined && config.isExactlyOnce;
  const isUnaligned = config.isUnaligned && (isExactlyOnce || keepsUnaligned(version));
  if (isUnaligned && config.maxConcurrent > 1) throw illegal(NOT_CONCURRENT);
  if (intervalMs === undefined) return undefined;
  const coordinator = coordinatorOf({ intervalMs, intervalDuringBacklogMs, minPauseMs: config.minPauseMs });
  return {
    ...config,
    ...(appliesPauseEarly(version) ? coordinator : { intervalMs, intervalDuringBacklogMs }),
    isExactlyOnce,
    isUnaligned,
    coordinator,
  };
}

/** `CheckpointConfig.getCheckpointIntervalDuringBacklog`: never more often than without a backlog. */
function duringBacklogMs(config: CheckpointConfig, intervalMs = Infinity): number {
  const { intervalDuringBacklogMs: configured } = config;
  const effective = configured === undefined ? intervalMs : configured === 0 ? Infinity : configured;
  if (effective >= intervalMs) return effective;
  throw illegal('Checkpoint interval during backlog must be larger than or equal to that in normal situation.');
}

/** `CheckpointCoordinator`: the interval is never shorter than the pause; that during a backlog stays. */
function coordinatorOf({ intervalMs, minPauseMs, ...rest }: CoordinatorSettings): CoordinatorSettings {
  const pauseMs = Math.min(minPauseMs, LONGEST_PAUSE_MS);
  return { ...rest, intervalMs: Math.max(intervalMs, pauseMs), minPauseMs: pauseMs };
}

const keepsUnaligned = ({ major, minor }: FlinkVersion): boolean => major === 2 && minor <= 1;

/** The coordinator's rules are already in what it is handed. */
const appliesPauseEarly = (version: FlinkVersion): boolean => isAtLeast(version, 2, 3);

const NOT_CONCURRENT = "maxConcurrentCheckpoints can't be > 1 if UnalignedCheckpoints enabled";
const illegal = (message: string): Refusal => new Refusal('IllegalArgumentException', message);
