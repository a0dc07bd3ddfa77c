import { inLanguage, type Language } from '../analyzer/text.js';
import type { LintedFile } from './lint.js';
import { VERSION } from './version.js';

const LEVEL = { critical: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0 (OASIS), as code hosts and editors read it. Keys that could not be judged are notifications of the run. */
export function lintSarif(files: readonly LintedFile[], language: Language): string {
  const problems = files.flatMap(({ file, report }) => report.problems.map((problem) => ({ file, problem })));
  const ruleIds = [...new Set(problems.map(({ problem }) => problem.rule))].sort();
  const place = (file: string, line: number): object => ({
    physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } },
  });
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'weir', version: VERSION, rules: ruleIds.map((id) => ({ id })) } },
        language: language === 'en' ? 'en-US' : language,
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: files.flatMap(({ file, report }) =>
              report.notJudged.map(({ key, line, reason }) => ({
                level: 'note',
                message: { text: `${key}: ${inLanguage(reason, language)}` },
                locations: [place(file, line)],
              })),
            ),
          },
        ],
        results: problems.map(({ file, problem: { rule, severity, line, message, fix } }) => ({
          ruleId: rule,
          ruleIndex: ruleIds.indexOf(rule),
          level: LEVEL[severity],
          message: {
            text: [message, fix]
              .filter((part) => part !== undefined)
              .map((part) => inLanguage(part, language))
              .join(' → '),
          },
          locations: [place(file, line)],
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** A path as a URI reference: slashes, and what a URI cannot hold encoded. */
function uriOf(file: string): string {
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/').replace(/%3A/g, ':');
}
