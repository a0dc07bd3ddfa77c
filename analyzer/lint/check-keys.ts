import type { FlinkVersion } from '../../collector/model/index.js';
import { text } from '../text.js';
import { badValue } from './check-values.js';
import { optionBook, type KeyStatus } from './option-book.js';
import type { LintProblem, NotJudged } from './problem.js';
import type { Setting } from './settings.js';

export interface KeysJudged {
  readonly problems: readonly LintProblem[];
  readonly notJudged: readonly NotJudged[];
}

/** Every key against what this Flink reads, and every value against the type it is read as. */
export function checkKeys(settings: readonly Setting[], version: FlinkVersion): KeysJudged {
  const book = optionBook(version);
  const set = new Set(settings.map(({ key }) => key));
  const problems: LintProblem[] = [];
  const notJudged: NotJudged[] = [];
  for (const setting of settings) {
    const { key, line } = setting;
    const status = book.statusOf(key);
    const problem = keyProblem(setting, status, version, set);
    if (problem !== undefined) problems.push(problem);
    if (status.is === 'read' || status.is === 'old-name') {
      const bad = badValue(setting, status.option, version);
      if (bad !== undefined) problems.push(bad);
    }
    if (status.is === 'family')
      notJudged.push({
        key,
        line,
        reason: text(
          `options that begin with ${status.prefix} are read by plug-ins and tools beside Flink, whose options Weir has no list of`,
          `以 ${status.prefix} 开头的选项由 Flink 之外的插件或工具读取，Weir 没有其清单`,
        ),
      });
    if (status.is === 'unsure')
      notJudged.push({
        key,
        line,
        reason: text(
          `read by a version before ${version.text} or after it, not by both: Weir has no list of ${version.text} itself`,
          `${version.text} 之前或之后的版本之一会读取它：Weir 没有 ${version.text} 自身的清单`,
        ),
      });
  }
  return { problems, notJudged };
}

function keyProblem(
  { key, line }: Setting,
  status: KeyStatus,
  version: FlinkVersion,
  set: ReadonlySet<string>,
): LintProblem | undefined {
  const flink = `Flink ${version.text}`;
  switch (status.is) {
    case 'unknown':
      return {
        rule: 'unknown-key',
        severity: 'warning',
        line,
        key,
        message: text(
          `${flink} has no option ${key}; it passes over it without a word`,
          `${flink} 没有选项 ${key}，会直接忽略且不提示`,
        ),
        ...(status.near === undefined
          ? {}
          : { fix: text(`did you mean ${status.near}?`, `是否应为 ${status.near}？`) }),
      };
    case 'removed':
      return {
        rule: 'removed-key',
        severity: 'warning',
        line,
        key,
        message: text(
          `${flink} no longer reads ${key}; it passes over it without a word`,
          `${flink} 已不再读取 ${key}，会直接忽略且不提示`,
        ),
        fix:
          status.instead === undefined
            ? text('take it out', '删除该项')
            : text(`set ${status.instead} instead`, `改为设置 ${status.instead}`),
      };
    case 'later':
      return {
        rule: 'later-key',
        severity: 'warning',
        line,
        key,
        message: text(
          `${flink} does not know ${key} yet: it comes with ${status.since}`,
          `${flink} 尚无 ${key}：自 ${status.since} 起才有`,
        ),
        fix: text(`take it out, or run ${status.since}`, `删除该项，或使用 ${status.since}`),
      };
    case 'old-name':
      return set.has(status.option.key)
        ? {
            rule: 'two-names',
            severity: 'warning',
            line,
            key,
            message: text(
              `${key} has no effect: its new name ${status.option.key} is set as well, and wins`,
              `${key} 不起作用：其新名称 ${status.option.key} 也已设置且优先`,
            ),
            fix: text('take the old name out', '删除旧名称'),
          }
        : {
            rule: 'renamed-key',
            severity: 'info',
            line,
            key,
            message: text(
              `${key} is called ${status.option.key} in ${flink}; the old name is still read`,
              `${key} 在 ${flink} 中名为 ${status.option.key}；旧名称仍会读取`,
            ),
            fix: text(`write ${status.option.key}`, `改写为 ${status.option.key}`),
          };
    case 'read':
      return status.option.isDeprecated && status.option.key === key
        ? {
            rule: 'deprecated-key',
            severity: 'info',
            line,
            key,
            message: text(
              `${key} is deprecated in ${flink}: it is read, and will go`,
              `${key} 在 ${flink} 中已弃用：仍会读取，但将被移除`,
            ),
          }
        : undefined;
    case 'map-entry':
    case 'family':
    case 'unsure':
      return undefined;
  }
}
