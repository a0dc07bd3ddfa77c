import type { FlinkVersion } from '../../../collector/model/index.js';
import { duration, text } from '../../text.js';
import { nameSet, type ConfigOption, type Configuration } from '../values/configuration.js';
import { allOptions } from './all-options.js';
import * as options from './checkpoint-options.js';
import type { SettingNote } from './setting-note.js';

/** Options that are set by two of their names, to different values: Flink takes the newest name without a word. */
export function namedTwice(configuration: Configuration, version: FlinkVersion): readonly SettingNote[] {
  return allOptions(version).flatMap((option): SettingNote[] => {
    const wins = nameSet(configuration, option);
    if (wins === undefined) return [];
    return (option.deprecated ?? [])
      .filter(
        (name) => name !== wins && configuration[name] !== undefined && configuration[name] !== configuration[wins],
      )
      .map((name) => ({
        key: name,
        severity: 'warning',
        message: text(
          `No effect beside its newer name: \`${wins}: ${configuration[wins] ?? ''}\` is taken.`,
          `与新名称同时设置时不起作用：生效的是 \`${wins}: ${configuration[wins] ?? ''}\`。`,
        ),
      }));
  });
}

/** Durations without a unit, which Flink takes for milliseconds. */
export function bareNumbers(configuration: Configuration, version: FlinkVersion): readonly SettingNote[] {
  return durations(version).flatMap((option): SettingNote[] => {
    const key = nameSet(configuration, option);
    const value = key === undefined ? undefined : configuration[key]?.trim();
    if (key === undefined || value === undefined || !/^0*[1-9]\d*$/.test(value)) return [];
    const milliseconds = Number(value);
    return [
      {
        key,
        // Who means seconds or minutes writes a small number.
        severity: milliseconds < SUSPICIOUS_MS ? 'warning' : 'info',
        message: text(
          `A number without a unit is milliseconds: ${duration(milliseconds)}.`,
          `没有单位的数字按毫秒计：${duration(milliseconds)}。`,
        ),
      },
    ];
  });
}

const SUSPICIOUS_MS = 1000;

function durations(version: FlinkVersion): readonly ConfigOption[] {
  const { intervalDuringBacklog, alignedTimeout } = options.knownTo(version);
  return [
    options.INTERVAL,
    options.TIMEOUT,
    options.MIN_PAUSE,
    alignedTimeout,
    ...(intervalDuringBacklog === undefined ? [] : [intervalDuringBacklog]),
    ...RESTART_DURATIONS,
  ];
}

const RESTART_DURATIONS: readonly ConfigOption[] = [
  'fixed-delay.delay',
  'failure-rate.delay',
  'failure-rate.failure-rate-interval',
  'exponential-delay.initial-backoff',
  'exponential-delay.max-backoff',
  'exponential-delay.reset-backoff-threshold',
].map((name) => ({ key: `restart-strategy.${name}` }));
