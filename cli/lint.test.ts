import { describe, expect, it } from 'vitest';
import { lint } from '../analyzer/lint/lint.js';
import { readSettings } from '../analyzer/lint/read-settings.js';
import { parseFlinkVersion } from '../collector/index.js';
import type { LintedFile } from './lint.js';
import { lintJson } from './lint-json.js';
import { lintSarif } from './lint-sarif.js';
import { lintText } from './lint-text.js';

const flink = parseFlinkVersion('1.20');
const linted = (file: string, lines: readonly string[]): readonly LintedFile[] =>
  readSettings(file, lines.join('\n')).map((settings) => ({
    file,
    kind: settings.kind,
    flink,
    report: lint(settings, flink),
  }));
const FILES = linted('conf/my flink-conf.yaml', ['parallelism.default: two', 'no.such: \u001b[31m1', 's3.endpoint: x']);

describe('text', () => {
  it('is a line a problem, what to do below it, and the counts', () => {
    const lines = lintText(FILES, 'en').split('\n');
    expect(lines[0]).toBe('conf/my flink-conf.yaml, Flink 1.20');
    expect(lines[1]).toMatch(/^conf\/my flink-conf\.yaml:1 {2}critical {2}Flink cannot read parallelism\.default: two/);
    expect(lines[2]).toBe('    → give a whole number');
    expect(lines.at(-2)).toMatch(/^1 critical, 2 warnings, \d+ info, 1 key not evaluated$/);
  });
  it('lets nothing of the file command a terminal', () => {
    expect(lintText(linted('flink-conf.yaml', ['x\u001b[31m: 1']), 'en')).not.toContain('\u001b');
  });
  it('speaks Chinese', () => {
    expect(lintText(FILES, 'zh-CN')).toContain('个警告');
  });
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly invocations: readonly { readonly toolExecutionNotifications: readonly unknown[] }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }[];
    }[];
  }[];
}

describe('SARIF 2.1.0', () => {
  const [run] = (JSON.parse(lintSarif(FILES, 'en')) as Sarif).runs;
  it('has every problem with its rule, level, file and line', () => {
    const results = run?.results ?? [];
    expect(results).toHaveLength(FILES[0]?.report.problems.length ?? 0);
    for (const { ruleId, ruleIndex } of results) expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(results[0]).toMatchObject({
      ruleId: 'bad-value',
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'conf/my%20flink-conf.yaml' }, region: { startLine: 1 } } },
      ],
    });
  });
  it('tells what was not evaluated beside the results', () => {
    expect(run?.invocations[0]?.toolExecutionNotifications).toHaveLength(1);
  });
});

it('JSON has problems and what was not evaluated, in one language', () => {
  const { files } = JSON.parse(lintJson(FILES, 'en')) as { files: readonly Record<string, unknown>[] };
  expect(files[0]).toMatchObject({
    file: 'conf/my flink-conf.yaml',
    kind: 'flink-conf.yaml',
    flink: '1.20',
    notEvaluated: [{ key: 's3.endpoint', line: 3 }],
  });
  expect(files[0]?.['problems']).toContainEqual(
    expect.objectContaining({ rule: 'unknown-key', severity: 'warning', line: 2, key: 'no.such' }),
  );
});
