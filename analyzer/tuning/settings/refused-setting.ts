import type { FlinkVersion } from '../../../collector/model/index.js';
import { text } from '../../text.js';
import { nameSet, type Configuration } from '../values/configuration.js';
import type { Refused } from '../values/refusal.js';
import { allOptions } from './all-options.js';
import { restartStrategy } from './effective-restart.js';
import type { SettingNote } from './setting-note.js';

/** Flink's refusal, at the option that it is about. */
export function refusedSetting(refused: Refused, configuration: Configuration, version: FlinkVersion): SettingNote {
  const words = refused.map(([, message]) => message).join(' ');
  const key = /for key '([^']+)'/.exec(words)?.[1] ?? ABOUT.find(([start]) => words.startsWith(start))?.[1];
  // What names no option is about the name of a strategy.
  const about =
    key === undefined
      ? restartStrategy(version)
      : (allOptions(version).find((option) => option.key === key) ?? { key });
  return {
    key: nameSet(configuration, about) ?? about.key,
    severity: 'critical',
    message: text(`Flink refuses this: ${words}`, `Flink 拒绝该配置：${words}`),
  };
}

const CHECKPOINTING = 'execution.checkpointing.';
const FAILURE_RATE = 'restart-strategy.failure-rate.';
const EXPONENTIAL = 'restart-strategy.exponential-delay.';

/** Which option a sentence without a key is about, by its beginning. */
const ABOUT: readonly (readonly [start: string, key: string])[] = [
  ['Checkpoint interval must be zero or', `${CHECKPOINTING}interval-during-backlog`],
  ['Checkpoint interval during backlog', `${CHECKPOINTING}interval-during-backlog`],
  ['Checkpoint interval', `${CHECKPOINTING}interval`],
  ['Checkpoint timeout', `${CHECKPOINTING}timeout`],
  ['The maximum number of concurrent attempts', `${CHECKPOINTING}max-concurrent-checkpoints`],
  ['maxConcurrentCheckpoints', `${CHECKPOINTING}max-concurrent-checkpoints`],
  ['The tolerable failure', `${CHECKPOINTING}tolerable-failed-checkpoints`],
  ['Maximum number of restart attempts per time unit', `${FAILURE_RATE}max-failures-per-interval`],
  ['Maximum number of restart attempts', 'restart-strategy.fixed-delay.attempts'],
  ['Failures interval', `${FAILURE_RATE}failure-rate-interval`],
  ['Initial backoff', `${EXPONENTIAL}initial-backoff`],
  ['Maximum backoff', `${EXPONENTIAL}max-backoff`],
  ['Backoff multiplier', `${EXPONENTIAL}backoff-multiplier`],
  ['Threshold duration', `${EXPONENTIAL}reset-backoff-threshold`],
  ['Jitter factor', `${EXPONENTIAL}jitter-factor`],
  ['The attemptsBeforeResetBackoff', `${EXPONENTIAL}attempts-before-reset-backoff`],
];
