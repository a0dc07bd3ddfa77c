import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Severity } from '../analyzer/engine/finding.js';
import { lint, type LintReport } from '../analyzer/lint/lint.js';
import { readSettings } from '../analyzer/lint/read-settings.js';
import type { Settings } from '../analyzer/lint/settings.js';
import type { Language } from '../analyzer/text.js';
import type { FlinkVersion } from '../collector/model/index.js';
import { UsageError } from './config/load.js';
import { lintJson } from './lint-json.js';
import { lintSarif } from './lint-sarif.js';
import { lintText } from './lint-text.js';
import { checkedLanguage, flinkVersionFrom } from './plain-flags.js';

interface LintFlags {
  readonly flink?: string;
  readonly template?: string;
  readonly format: string;
  readonly failOn: string;
  readonly lang: string;
}

/** One configuration in one file, and what lint says of it. */
export interface LintedFile {
  readonly file: string;
  readonly kind: Settings['kind'];
  /** Name of the Kubernetes object. */
  readonly name?: string;
  readonly flink: FlinkVersion;
  readonly report: LintReport;
}

const RENDER: Readonly<Record<string, (files: readonly LintedFile[], language: Language) => string>> = {
  text: lintText,
  json: lintJson,
  sarif: lintSarif,
};
const SEVERITIES: readonly Severity[] = ['info', 'warning', 'critical'];

export function addLint(program: Command): void {
  program
    .command('lint <files...>')
    .description(
      'audit config.yaml, flink-conf.yaml or a FlinkDeployment: unknown, renamed and removed keys, values that Flink would refuse, readiness for production',
    )
    .option('--flink <version>', 'the Flink that will run it, such as 1.20; a FlinkDeployment says its own')
    .option('--template <file>', 'the team’s template: what differs from it is told')
    .option('--format <format>', 'text, json or sarif', 'text')
    .option('--fail-on <severity>', 'exit 1 from this severity on: info, warning or critical', 'warning')
    .option('--lang <language>', 'en or zh-CN', 'en')
    .action((files: readonly string[], flags: LintFlags) => {
      process.exitCode = lintFiles(files, flags);
    });
}

function lintFiles(names: readonly string[], flags: LintFlags): number {
  const language = checkedLanguage(flags.lang);
  const render = RENDER[flags.format];
  const failOn = SEVERITIES.findIndex((severity) => severity === flags.failOn);
  const problems = [
    ...(render === undefined ? [`--format ${flags.format}: must be text, json or sarif`] : []),
    ...(failOn < 0 ? [`--fail-on ${flags.failOn}: must be info, warning or critical`] : []),
  ];
  if (render === undefined || problems.length > 0) throw new UsageError(problems);
  const version = flags.flink === undefined ? undefined : flinkVersionFrom(flags.flink);
  const template = flags.template === undefined ? undefined : templateFrom(flags.template);
  const files = names.flatMap((name) => linted(name, version, template));
  process.stdout.write(render(files, language));
  const worst = Math.max(
    -1,
    ...files.flatMap(({ report }) => report.problems.map(({ severity }) => SEVERITIES.indexOf(severity))),
  );
  return worst >= failOn ? 1 : 0;
}

function linted(
  file: string,
  version: FlinkVersion | undefined,
  template: Settings | undefined,
): readonly LintedFile[] {
  return settingsIn(file).map((settings) => {
    const flink = version ?? settings.flinkVersion;
    if (flink === undefined)
      throw new UsageError([`${file}: --flink is missing: the version that will run it, such as --flink 1.20`]);
    const { kind, name } = settings;
    return { file, kind, ...(name === undefined ? {} : { name }), flink, report: lint(settings, flink, template) };
  });
}

function templateFrom(file: string): Settings {
  const [template, ...more] = settingsIn(file);
  if (template === undefined || more.length > 0)
    throw new UsageError([
      `--template ${file}: must hold one configuration of Flink, not ${template === undefined ? 'none' : more.length + 1}`,
    ]);
  return template;
}

function settingsIn(file: string): readonly Settings[] {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError([`${file}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  return readSettings(file, content);
}
