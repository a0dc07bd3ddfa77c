import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { exportPrometheusRules } from '../alerts/prometheus/export.js';
import { RULES } from '../rules/index.js';
import { UsageError } from './config/load.js';
import { PACKAGE_DIR } from './version.js';

interface ExportFlags {
  readonly format: string;
  readonly out: string;
  readonly publicUrl?: string;
}

export const ruleDocsPage = (id: string): string =>
  readFileSync(join(PACKAGE_DIR, 'docs', 'rules', `${id}.md`), 'utf8');

export function addRulesExport(rules: Command): void {
  rules
    .command('export')
    .description('alert rules for Prometheus: on Weir’s verdicts and on Weir itself')
    .requiredOption('--format <format>', 'prometheus')
    .requiredOption('--out <dir>', 'directory for the files; made if it is not there')
    .option('--public-url <url>', 'where people reach Weir: alerts then link to the job at that moment and to the rule')
    .action((flags: ExportFlags) => {
      for (const file of exported(flags)) process.stdout.write(`${file}\n`);
    });
}

function exported({ format, out, publicUrl }: ExportFlags): readonly string[] {
  if (format !== 'prometheus') throw new UsageError([`--format ${format}: must be prometheus`]);
  return exportPrometheusRules(RULES, out, { pageOf: ruleDocsPage, ...publicUrlFrom(publicUrl) });
}

function publicUrlFrom(text: string | undefined): { readonly publicUrl?: string } {
  if (text === undefined) return {};
  if (!/^https?:\/\/[^\s"'{}]+$/.test(text) || !URL.canParse(text))
    throw new UsageError([`--public-url ${text}: write it as https://weir.example`]);
  return { publicUrl: text.replace(/\/+$/, '') };
}
