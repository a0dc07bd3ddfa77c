import type { AnyRule } from '../../analyzer/engine/rule.js';
import { writeFiles } from '../write-files.js';
import type { ReporterLabels } from './reporter/labels.js';
import { reporterRules } from './reporter/reporter-rules.js';
import { renderRuleFile } from './rule-file.js';
import { verdictRules, type VerdictRulesOptions } from './verdict-rules.js';

export type PrometheusExportOptions = VerdictRulesOptions & {
  /** What Flink's series are labelled with in that Prometheus. */
  readonly labels: ReporterLabels;
};

const VERDICTS_HEADING = `Alerts on Weir's verdicts, and on Weir itself. Made by: weir rules export --format prometheus
Needs: Prometheus scrapes Weir's /metrics. Beside it flink-reporter-alerts.yml would alert twice.`;

const REPORTER_HEADING = `Alerts on the metrics of Flink's own Prometheus reporter, for those who run no Weir. Made by: weir rules export --format prometheus
Needs: Prometheus scrapes the reporters of JobManagers and TaskManagers, every 30 s or more often.`;

/**
 * Writes both families of rules into a directory, which is made if it is not there; returns their paths.
 *
 * @throws what the file system says
 */
export function exportPrometheusRules(
  rules: readonly AnyRule[],
  dir: string,
  options: PrometheusExportOptions,
): readonly string[] {
  return writeFiles(dir, {
    'weir-alerts.yml': renderRuleFile(verdictRules(rules, options), VERDICTS_HEADING),
    'flink-reporter-alerts.yml': renderRuleFile(reporterRules(options), REPORTER_HEADING),
  });
}
