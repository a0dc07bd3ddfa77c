import { describe, expect, it } from 'vitest';
import type { FlinkVersion } from '../../collector/model/index.js';
import { optionKeys } from './option-keys.js';

const flink = (major: number, minor: number): FlinkVersion => ({ major, minor, text: `${major}.${minor}` });

/** The names that the options classes of each version declare. */
const table: readonly (readonly [FlinkVersion, string, string, string, string, string | undefined])[] = [
  [
    flink(1, 13),
    'execution.checkpointing.unaligned',
    'execution.checkpointing.alignment-timeout',
    'state.backend.incremental',
    'restart-strategy',
    undefined,
  ],
  [
    flink(1, 16),
    'execution.checkpointing.unaligned',
    'execution.checkpointing.aligned-checkpoint-timeout',
    'state.backend.incremental',
    'restart-strategy',
    undefined,
  ],
  [
    flink(1, 17),
    'execution.checkpointing.unaligned.enabled',
    'execution.checkpointing.aligned-checkpoint-timeout',
    'state.backend.incremental',
    'restart-strategy.type',
    undefined,
  ],
  [
    flink(1, 19),
    'execution.checkpointing.unaligned.enabled',
    'execution.checkpointing.aligned-checkpoint-timeout',
    'state.backend.incremental',
    'restart-strategy.type',
    'restart-strategy.exponential-delay.attempts-before-reset-backoff',
  ],
  [
    flink(1, 20),
    'execution.checkpointing.unaligned.enabled',
    'execution.checkpointing.aligned-checkpoint-timeout',
    'execution.checkpointing.incremental',
    'restart-strategy.type',
    'restart-strategy.exponential-delay.attempts-before-reset-backoff',
  ],
  [
    flink(2, 3),
    'execution.checkpointing.unaligned.enabled',
    'execution.checkpointing.aligned-checkpoint-timeout',
    'execution.checkpointing.incremental',
    'restart-strategy.type',
    'restart-strategy.exponential-delay.attempts-before-reset-backoff',
  ],
];

describe('optionKeys', () => {
  it.each(table)('$text', (version, unaligned, alignedTimeout, incremental, restartStrategy, restartAttempts) => {
    expect({
      unaligned: optionKeys.unaligned(version),
      alignedTimeout: optionKeys.alignedTimeout(version),
      incremental: optionKeys.incremental(version),
      restartStrategy: optionKeys.restartStrategy(version),
      restartAttempts: optionKeys.restartAttempts(version),
    }).toEqual({ unaligned, alignedTimeout, incremental, restartStrategy, restartAttempts });
  });

  it('takes an unknown version for the newest', () => {
    expect(optionKeys.incremental(undefined)).toBe('execution.checkpointing.incremental');
  });
});

const renamed: readonly (readonly [FlinkVersion, string, string, string, string, string])[] = [
  [
    flink(1, 13),
    'state.checkpoints.dir',
    'state.backend.local-recovery',
    'high-availability',
    'pipeline.operator-chaining',
    'cluster.evenly-spread-out-slots',
  ],
  [
    flink(1, 17),
    'state.checkpoints.dir',
    'state.backend.local-recovery',
    'high-availability.type',
    'pipeline.operator-chaining',
    'cluster.evenly-spread-out-slots',
  ],
  [
    flink(1, 20),
    'execution.checkpointing.dir',
    'execution.state-recovery.from-local',
    'high-availability.type',
    'pipeline.operator-chaining.enabled',
    'taskmanager.load-balance.mode',
  ],
  [
    flink(2, 3),
    'execution.checkpointing.dir',
    'execution.state-recovery.from-local',
    'high-availability.type',
    'pipeline.operator-chaining.enabled',
    'taskmanager.load-balance.mode',
  ],
];

it.each(renamed)('names of $text', (version, directory, localRecovery, highAvailability, chaining, spread) => {
  expect([
    optionKeys.checkpointDirectory(version),
    optionKeys.localRecovery(version),
    optionKeys.highAvailability(version),
    optionKeys.chaining(version),
    optionKeys.spreadSlots(version)[0],
  ]).toEqual([directory, localRecovery, highAvailability, chaining, spread]);
});

it.each([
  [flink(1, 13), 'execution.buffer-timeout'],
  [flink(1, 16), 'execution.buffer-timeout'],
  [flink(1, 17), 'execution.buffer-timeout.interval'],
  [flink(2, 3), 'execution.buffer-timeout.interval'],
])('the buffer timeout of $text', (version, key) => {
  expect(optionKeys.bufferTimeout(version)).toBe(key);
});

it.each([
  [flink(2, 1), undefined],
  [flink(2, 2), ['taskmanager.load-balance.mode', 'TASKS']],
])('tasks are spread from 2.2 on: $text', (version, option) => {
  expect(optionKeys.spreadTasks(version)).toEqual(option);
});
