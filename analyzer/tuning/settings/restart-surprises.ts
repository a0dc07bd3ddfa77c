import type { FlinkVersion } from '../../../collector/model/index.js';
import { text, type Text } from '../../text.js';
import { isSet, nameSet, type Configuration } from '../values/configuration.js';
import { isAtLeast } from '../values/flink-version.js';
import { attempt } from '../values/refusal.js';
import { readRestart, restartStrategy, type Restart } from './effective-restart.js';
import type { SettingNote } from './setting-note.js';

const TYPE = 'restart-strategy.type';

/** Where a job starts again otherwise than the settings of its restarts seem to say. */
export function restartSurprises(configuration: Configuration, version: FlinkVersion): readonly SettingNote[] {
  const read = attempt(() => readRestart(configuration, version));
  if (!read.ok) return [];
  const warn = (key: string, message: Text): SettingNote => ({ key, severity: 'warning', message });
  const option = restartStrategy(version);
  const ignoredType =
    isAtLeast(version, 1, 17) || configuration[TYPE] === undefined
      ? []
      : [warn(TYPE, text('No effect before Flink 1.17: set `restart-strategy`.', 'Flink 1.17 之前不起作用：请设置 `restart-strategy`。'))]; // prettier-ignore
  const few = fewRestarts(read.value, configuration);
  const strategyKey = nameSet(configuration, option) ?? option.key;
  return [
    ...ignoredType,
    ...(few === undefined ? [] : [warn(strategyKey, few)]),
    ...parametersWithout(read.value, configuration).map((key) => warn(key, noEffect(read.value, option.key))),
  ];
}

/** Parameters that are set for another strategy than the one in force. */
function parametersWithout(restart: Restart | undefined, configuration: Configuration): readonly string[] {
  return Object.keys(configuration).filter((key) => {
    const strategy = /^restart-strategy\.(fixed-delay|failure-rate|exponential-delay)\./.exec(key)?.[1];
    return strategy !== undefined && strategy !== restart?.strategy;
  });
}

function noEffect(restart: Restart | undefined, key: string): Text {
  return restart === undefined
    ? text(
        `No effect: no strategy is chosen, parameters choose none. Set \`${key}\`.`,
        `不起作用：没有选择重启策略，仅有参数不会选中任何策略。请设置 \`${key}\`。`,
      )
    : text(
        `No effect: the strategy is \`${restart.strategy}\`.`,
        `不起作用：当前的重启策略是 \`${restart.strategy}\`。`,
      );
}

/** A chosen strategy of which the defaults give up soon. */
function fewRestarts(restart: Restart | undefined, configuration: Configuration): Text | undefined {
  if (restart?.strategy === 'fixed-delay') {
    if (!isSet(configuration, { key: 'restart-strategy.fixed-delay.attempts' }))
      return text(
        'Without `restart-strategy.fixed-delay.attempts` there is one attempt: the second failure ends the job.',
        '没有设置 `restart-strategy.fixed-delay.attempts` 时只尝试一次：第二次失败就会结束作业。',
      );
    if (restart.attempts === 0)
      return text('No attempts: the first failure ends the job.', '尝试次数为 0：第一次失败就会结束作业。');
  }
  if (
    restart?.strategy === 'failure-rate' &&
    !isSet(configuration, { key: 'restart-strategy.failure-rate.max-failures-per-interval' })
  )
    return text(
      'Without `restart-strategy.failure-rate.max-failures-per-interval` one failure an interval is allowed: the second within it ends the job.',
      '没有设置 `restart-strategy.failure-rate.max-failures-per-interval` 时每个区间只允许一次失败：区间内第二次失败就会结束作业。',
    );
  return undefined;
}
