import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { exportDashboards } from '../alerts/grafana/export.js';
import { exportPrometheusRules } from '../alerts/prometheus/export.js';
import { pageFileOf } from '../analyzer/engine/rule-page.js';
import type { Language } from '../analyzer/text.js';
import { RULES } from '../rules/index.js';
import { UsageError } from './config/load.js';
import { checkedLanguage } from './plain-flags.js';
import { addReporterLabels, reporterLabelsFrom, type ReporterLabelFlags } from './reporter-labels.js';
import { PACKAGE_DIR } from './version.js';

interface ExportFlags extends ReporterLabelFlags {
  readonly format: string;
  readonly out: string;
  readonly publicUrl?: string;
  readonly lang: string;
}

export const ruleDocsPage = (id: string, language: Language): string =>
  readFileSync(join(PACKAGE_DIR, 'docs', 'rules', pageFileOf(id, language)), 'utf8');

export function addRulesExport(rules: Command): void {
  const command = rules
    .command('export')
    .description('alert rules for Prometheus and dashboards for Grafana, on Weir’s metrics and on Flink’s own')
    .requiredOption('--format <format>', 'prometheus (alert rules) or grafana (dashboards)')
    .requiredOption('--out <dir>', 'directory for the files; made if it is not there')
    .option('--public-url <url>', 'where people reach Weir: alerts and dashboards then link to its pages')
    .option('--lang <language>', 'of the alerts: en or zh-CN', 'en');
  addReporterLabels(command).action((flags: ExportFlags) => {
    for (const file of exported(flags)) process.stdout.write(`${file}\n`);
  });
}

function exported(flags: ExportFlags): readonly string[] {
  const { format, out } = flags;
  const options = { labels: reporterLabelsFrom(flags), ...publicUrlFrom(flags.publicUrl) };
  if (format === 'prometheus')
    return exportPrometheusRules(RULES, out, {
      pageOf: ruleDocsPage,
      language: checkedLanguage(flags.lang),
      ...options,
    });
  if (format === 'grafana') return exportDashboards(out, options);
  throw new UsageError([`--format ${format}: must be prometheus or grafana`]);
}

function publicUrlFrom(text: string | undefined): { readonly publicUrl?: string } {
  if (text === undefined) return {};
  if (!/^https?:\/\/[^\s"'{}]+$/.test(text) || !URL.canParse(text))
    throw new UsageError([`--public-url ${text}: write it as https://weir.example`]);
  return { publicUrl: text.replace(/\/+$/, '') };
}
