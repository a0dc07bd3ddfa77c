import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { exportPrometheusRules } from '../alerts/prometheus-rules.js';
import { RULES } from '../rules/index.js';
import { UsageError } from './config/load.js';
import { addRulesTest } from './rules-test.js';
import { PACKAGE_DIR } from './version.js';

export function addRules(program: Command): void {
  const rules = program.command('rules').description('the rule book: list, explain, test, export');

  rules
    .command('list')
    .description('every rule with its highest severity')
    .action(() => {
      const width = Math.max(...RULES.map(({ id }) => id.length));
      for (const { id, severityMax, title } of RULES) {
        process.stdout.write(`${id.padEnd(width)}  ${severityMax.padEnd(8)}  ${title.en}\n`);
      }
    });

  rules
    .command('explain <id>')
    .description('what a rule finds, how it is measured, what to change')
    .action((id: string) => {
      if (!RULES.some((rule) => rule.id === id))
        throw new UsageError([`there is no rule "${id}"; see: weir rules list`]);
      process.stdout.write(readFileSync(join(PACKAGE_DIR, 'docs', 'rules', `${id}.md`), 'utf8'));
    });

  addRulesTest(rules);

  rules
    .command('export')
    .description('alert rules on Weir’s verdicts for Prometheus')
    .requiredOption('--format <format>', 'prometheus')
    .requiredOption('--out <dir>', 'directory for the files; made if it is not there')
    .action(({ format, out }: { format: string; out: string }) => {
      if (format !== 'prometheus') throw new UsageError([`--format ${format}: must be prometheus`]);
      for (const file of exportPrometheusRules(RULES, out)) process.stdout.write(`${file}\n`);
    });
}
