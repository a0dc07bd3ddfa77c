import type { FlinkVersion } from '../../../collector/model/index.js';
import type { ConfigOption } from '../values/configuration.js';
import { isAtLeast } from '../values/flink-version.js';

const option = (name: string, ...deprecated: readonly string[]): ConfigOption => ({
  key: `execution.checkpointing.${name}`,
  deprecated: deprecated.map((old) => `execution.checkpointing.${old}`),
});

export const INTERVAL = option('interval');
export const TIMEOUT = option('timeout');
export const MIN_PAUSE = option('min-pause');
export const MAX_CONCURRENT = option('max-concurrent-checkpoints');
export const MODE = option('mode');
export const TOLERABLE_FAILURES = option('tolerable-failed-checkpoints');
export const RETENTION = option('externalized-checkpoint-retention');
export const FORCE_UNALIGNED = option('unaligned.forced');

const IGNORED_IN_FLIGHT = option('recover-without-channel-state.checkpoint-id');

/** Options of checkpoints that came, went or changed their name; undefined where a version does not know one. */
interface VersionedOptions {
  readonly intervalDuringBacklog?: ConfigOption;
  readonly unaligned: ConfigOption;
  readonly alignedTimeout: ConfigOption;
  readonly interruptibleTimers?: ConfigOption;
  readonly subtasksPerStateFile?: ConfigOption;
  readonly ignoredInFlightData?: ConfigOption;
  readonly afterTasksFinish?: ConfigOption;
  readonly recoverOutputDownstream?: ConfigOption;
  readonly preferCheckpoint?: ConfigOption;
}

export function knownTo(version: FlinkVersion): VersionedOptions {
  const since = <T>(major: number, minor: number, options: T): T | undefined =>
    isAtLeast(version, major, minor) ? options : undefined;
  return {
    unaligned: option('unaligned'),
    alignedTimeout: option('alignment-timeout'),
    ...(isAtLeast(version, 1, 14) ? {} : { preferCheckpoint: option('prefer-checkpoint-for-recovery') }),
    ...since(1, 14, {
      alignedTimeout: option('aligned-checkpoint-timeout', 'alignment-timeout'),
      ignoredInFlightData: IGNORED_IN_FLIGHT,
      afterTasksFinish: option('checkpoints-after-tasks-finish.enabled'),
    }),
    ...since(1, 17, {
      unaligned: option('unaligned.enabled', 'unaligned'),
      subtasksPerStateFile: option('unaligned.max-subtasks-per-channel-state-file'),
    }),
    ...since(1, 19, { intervalDuringBacklog: option('interval-during-backlog') }),
    ...since(1, 20, {
      interruptibleTimers: option('unaligned.interruptible-timers.enabled'),
      afterTasksFinish: option('checkpoints-after-tasks-finish', 'checkpoints-after-tasks-finish.enabled'),
      ignoredInFlightData: {
        key: 'execution.state-recovery.without-channel-state.checkpoint-id',
        deprecated: [IGNORED_IN_FLIGHT.key],
      },
    }),
    ...since(2, 3, { recoverOutputDownstream: option('unaligned.recover-output-on-downstream.enabled') }),
  };
}
