import type { FlinkVersion } from '../../../collector/model/index.js';
import { duration, text } from '../../text.js';
import { isSet, nameSet, type ConfigOption, type Configuration } from '../values/configuration.js';
import { readCheckpointConfig } from './checkpoint-config.js';
import * as options from './checkpoint-options.js';
import type { Checkpointing } from './effective-checkpointing.js';
import type { SettingNote } from './setting-note.js';

/** Where checkpoints differ from what their settings seem to say. The configuration has to be one that Flink takes. */
export function checkpointSurprises(
  configuration: Configuration,
  version: FlinkVersion,
  checkpointing: Checkpointing | undefined,
): readonly SettingNote[] {
  const known = options.knownTo(version);
  const nameOf = (option: ConfigOption): string => nameSet(configuration, option) ?? option.key;
  const set = readCheckpointConfig(configuration, version);
  if (checkpointing === undefined) {
    if (set.intervalMs === undefined) return [];
    const message = text(
      'No effect: a batch job makes no checkpoints (`execution.runtime-mode`).',
      '不起作用：批作业不做检查点（`execution.runtime-mode`）。',
    );
    return [{ key: options.INTERVAL.key, severity: 'info', message }];
  }
  const { coordinator, isUnaligned, maxConcurrent, intervalDuringBacklogMs } = checkpointing;
  const notes: SettingNote[] = [];
  const note = (option: ConfigOption, severity: SettingNote['severity'], en: string, zh: string): void => {
    notes.push({ key: nameOf(option), severity, message: text(en, zh) });
  };

  if (set.minPauseMs > coordinator.minPauseMs)
    note(options.MIN_PAUSE, 'info', 'Flink takes a pause of 365 days at most.', 'Flink 的停顿最长为 365 天。');
  if (set.intervalMs !== undefined && coordinator.intervalMs > set.intervalMs)
    note(
      options.MIN_PAUSE,
      'warning',
      `Longer than the interval, which it raises: checkpoints start every ${duration(coordinator.intervalMs)}, not every ${duration(set.intervalMs)}.`,
      `比检查点间隔长，Flink 会把间隔提高：检查点每 ${duration(coordinator.intervalMs)} 触发一次，而不是每 ${duration(set.intervalMs)} 一次。`,
    );
  const backlog = known.intervalDuringBacklog;
  if (backlog !== undefined && intervalDuringBacklogMs === Infinity)
    note(
      backlog,
      'warning',
      '0 means no checkpoints while a source has a backlog: after a failure then, all of it is read again.',
      '0 表示数据源积压期间不做检查点：此时若失败，积压的数据要全部重新读取。',
    );
  if (backlog !== undefined && isSet(configuration, backlog) && intervalDuringBacklogMs < coordinator.intervalMs)
    note(
      backlog,
      'info',
      `\`${options.MIN_PAUSE.key}\` raises the interval to ${duration(coordinator.intervalMs)} but not this one: during a backlog checkpoints are meant to come more often than without.`,
      `\`${options.MIN_PAUSE.key}\` 把间隔提高到 ${duration(coordinator.intervalMs)}，但不影响此项：积压期间的检查点反而更频繁。`,
    );
  if (maxConcurrent > 1 && coordinator.minPauseMs > 0)
    note(
      options.MAX_CONCURRENT,
      'info',
      `Stays ${maxConcurrent} beside \`${options.MIN_PAUSE.key}\`, although Flink's documentation says that a pause allows only one checkpoint at a time.`,
      `与 \`${options.MIN_PAUSE.key}\` 同时设置时仍为 ${maxConcurrent}，尽管 Flink 文档说有停顿时同一时刻只有一个检查点。`,
    );
  if (set.isUnaligned && !isUnaligned)
    note(
      known.unaligned,
      'warning',
      `No effect with \`${options.MODE.key}: AT_LEAST_ONCE\`: checkpoints stay aligned.`,
      `与 \`${options.MODE.key}: AT_LEAST_ONCE\` 同时设置时不起作用：检查点仍是对齐的。`,
    );
  if (!set.isUnaligned && set.alignedTimeoutMs > 0)
    note(
      known.alignedTimeout,
      'warning',
      `No effect without \`${known.unaligned.key}: true\`: checkpoints never become unaligned.`,
      `没有 \`${known.unaligned.key}: true\` 时不起作用：检查点不会变为非对齐。`,
    );
  return notes;
}
