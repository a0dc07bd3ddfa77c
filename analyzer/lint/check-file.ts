import type { FlinkVersion } from '../../collector/model/index.js';
import { text } from '../text.js';
import type { LintProblem } from './problem.js';
import type { FileProblem, Settings } from './settings.js';

/** What is wrong with the file itself, and whether this Flink reads such a file at all. */
export function checkFile({ kind, problems }: Settings, version: FlinkVersion): readonly LintProblem[] {
  return [...wrongForm(kind, version), ...problems.map(asProblem)];
}

/** `config.yaml` is read from 1.19 on; `flink-conf.yaml` up to 1.20, and there before it (FLIP-366). */
function wrongForm(kind: Settings['kind'], { major, minor, text: version }: FlinkVersion): readonly LintProblem[] {
  const isBefore119 = major === 1 && minor < 19;
  if (kind === 'flink-conf.yaml' && major >= 2)
    return [
      {
        rule: 'wrong-file',
        severity: 'critical',
        line: 1,
        message: text(`Flink ${version} does not read flink-conf.yaml`, `Flink ${version} 不读取 flink-conf.yaml`),
        fix: text(
          'move it to config.yaml; bin/migrate-config-file.sh of Flink does it',
          '迁移到 config.yaml；可用 Flink 的 bin/migrate-config-file.sh',
        ),
      },
    ];
  if (kind === 'config.yaml' && isBefore119)
    return [
      {
        rule: 'wrong-file',
        severity: 'critical',
        line: 1,
        message: text(
          `Flink ${version} does not read config.yaml: it came with 1.19`,
          `Flink ${version} 不读取 config.yaml：自 1.19 起才有`,
        ),
        fix: text('write lines of key: value into flink-conf.yaml', '以 key: value 的形式写入 flink-conf.yaml'),
      },
    ];
  return [];
}

function asProblem({ line, what, key, detail = '' }: FileProblem): LintProblem {
  const named = key === undefined ? {} : { key };
  switch (what) {
    case 'syntax':
      return {
        rule: 'not-yaml',
        severity: 'critical',
        line,
        message: text(`Flink cannot read this file: ${detail}`, `Flink 无法读取该文件：${detail}`),
      };
    case 'twice':
      return {
        rule: 'set-twice',
        severity: 'warning',
        line,
        ...named,
        message:
          key === undefined
            ? text(`a key stands here twice: ${detail}`, `同一键出现两次：${detail}`)
            : text(`${key} is set twice; the last one counts`, `${key} 设置了两次，以最后一次为准`),
        fix: text('leave one', '只保留一处'),
      };
    case 'no-value':
      return {
        rule: 'no-value',
        severity: 'warning',
        line,
        ...named,
        message: text(`${key ?? detail} has no value`, `${key ?? detail} 没有值`),
        fix: text('give it one, or take it out', '给出值，或删除该项'),
      };
    case 'ignored-line':
      return {
        rule: 'ignored-line',
        severity: 'warning',
        line,
        message: text(
          'Flink passes over this line: it needs a key, a colon, a space and a value',
          'Flink 会忽略此行：需要 key、冒号、空格和值',
        ),
      };
  }
}
