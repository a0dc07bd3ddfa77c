import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyRule } from '../../analyzer/engine/rule.js';
import { renderRuleFile } from './rule-file.js';
import { verdictRules, type VerdictRulesOptions } from './verdict-rules.js';

const VERDICTS_HEADING = `Alerts on Weir's verdicts, and on Weir itself. Made by: weir rules export --format prometheus
Needs: Prometheus scrapes Weir's /metrics.`;

/**
 * Writes the rule files into a directory, which is made if it is not there; returns their paths.
 *
 * @throws what the file system says
 */
export function exportPrometheusRules(
  rules: readonly AnyRule[],
  dir: string,
  options: VerdictRulesOptions,
): readonly string[] {
  mkdirSync(dir, { recursive: true });
  const files = [['weir-alerts.yml', renderRuleFile(verdictRules(rules, options), VERDICTS_HEADING)]] as const;
  return files.map(([name, text]) => {
    const path = join(dir, name);
    writeFileSync(path, text);
    return path;
  });
}
