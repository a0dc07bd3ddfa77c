import type { Command } from 'commander';
import { RULES } from '../rules/index.js';
import { UsageError } from './config/load.js';
import { checkedLanguage } from './plain-flags.js';
import { addRulesExport, ruleDocsPage } from './rules-export.js';
import { addRulesTest } from './rules-test.js';

export function addRules(program: Command): void {
  const rules = program.command('rules').description('the rule book: list, explain, test, export');

  rules
    .command('list')
    .description('every rule with its highest severity')
    .option('--lang <language>', 'en or zh-CN', 'en')
    .action(({ lang }: { readonly lang: string }) => {
      const language = checkedLanguage(lang);
      const width = Math.max(...RULES.map(({ id }) => id.length));
      for (const { id, severityMax, title } of RULES) {
        process.stdout.write(`${id.padEnd(width)}  ${severityMax.padEnd(8)}  ${title[language]}\n`);
      }
    });

  rules
    .command('explain <id>')
    .description('what a rule finds, how it is measured, what to change')
    .option('--lang <language>', 'en or zh-CN', 'en')
    .action((id: string, { lang }: { readonly lang: string }) => {
      const language = checkedLanguage(lang);
      if (!RULES.some((rule) => rule.id === id))
        throw new UsageError([`there is no rule "${id}"; see: weir rules list`]);
      process.stdout.write(ruleDocsPage(id, language));
    });

  addRulesTest(rules);

  addRulesExport(rules);
}
