import type { FlinkVersion } from '../../collector/model/index.js';
import { text } from '../text.js';
import { checkSettings as notesOn } from '../tuning/settings/check-settings.js';
import type { LintProblem } from './problem.js';
import { asConfiguration, type Settings } from './settings.js';

/** What Flink refuses of the settings of checkpoints and restarts, and what it takes otherwise than it reads. */
export function checkSettings(file: Settings, version: FlinkVersion): readonly LintProblem[] {
  const lineOf = (key: string): number => file.settings.findLast((setting) => setting.key === key)?.line ?? 1;
  return notesOn(asConfiguration(file), version)
    .filter(({ message }) => !isToldElsewhere(message.en))
    .map(({ key, severity, message }) => ({
      rule: severity === 'critical' ? 'refused-setting' : 'surprising-setting',
      severity,
      line: lineOf(key),
      key,
      message: text(`${key}: ${message.en}`, `${key}：${message['zh-CN']}`),
    }));
}

/** A value that cannot be read, and an old name beside its new one, are told of every option. */
const isToldElsewhere = (message: string): boolean =>
  message.includes('Could not parse value') || message.startsWith('No effect beside its newer name');
