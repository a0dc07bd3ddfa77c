import { counted, inLanguage, text, type Language, type Text } from '../analyzer/text.js';
import { plain } from './check-words.js';
import type { LintedFile } from './lint.js';

const SEVERITY: Readonly<Record<string, Text>> = {
  critical: text('critical', '严重'),
  warning: text('warning ', '警告'),
  info: text('info    ', '提示'),
};

/** `file:line severity message` with what to do below, as compilers write it; then one line of counts. */
export function lintText(files: readonly LintedFile[], language: Language): string {
  const say = (value: Text): string => inLanguage(value, language);
  const parts = files.map(({ file, name, kind, flink, report: { problems, notJudged } }) => {
    const head = `${file}${name === undefined ? '' : ` (${kind} ${name})`}, Flink ${flink.text}`;
    const lines = problems.flatMap(({ rule, severity, line, message, fix }) => [
      `${file}:${line}  ${say(SEVERITY[severity] ?? text(severity, severity))}  ${say(message)}  [${rule}]`,
      ...(fix === undefined ? [] : [`    → ${say(fix)}`]),
    ]);
    const unjudged = notJudged.map(
      ({ key, line, reason }) => `${file}:${line}  ${say(text('not evaluated', '未评估'))}  ${key}: ${say(reason)}`,
    );
    return [head, ...lines, ...unjudged].map(plain).join('\n');
  });
  const count = (severity: string): number =>
    files.flatMap(({ report }) => report.problems).filter((problem) => problem.severity === severity).length;
  const [critical, warning, info] = [count('critical'), count('warning'), count('info')];
  const unjudged = files.reduce((sum, { report }) => sum + report.notJudged.length, 0);
  const summary = text(
    `${critical} critical, ${counted(warning, 'warning')}, ${info} info, ${counted(unjudged, 'key')} not evaluated`,
    `${critical} 个严重，${warning} 个警告，${info} 个提示，${unjudged} 个键未评估`,
  );
  return `${[...parts, say(summary)].join('\n\n')}\n`;
}
