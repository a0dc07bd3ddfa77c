import type { RuleFile } from '../rule-file.js';
import { toAlertRule, type AlertRuleOptions } from './alert.js';
import { checkpointAlerts } from './checkpoint-alerts.js';
import { eventTimeAlerts } from './event-time-alerts.js';
import { namesOf, type ReporterLabels } from './labels.js';
import { livenessAlerts } from './liveness-alerts.js';
import { loadAlerts } from './load-alerts.js';
import { memoryAlerts } from './memory-alerts.js';
import { recordingsOf } from './recordings.js';

export interface ReporterRulesOptions extends AlertRuleOptions {
  readonly labels: ReporterLabels;
}

/** Alerts on the metrics of Flink's own Prometheus reporter, for those who run no Weir. Flink 1.13 to 2.3. */
export function reporterRules(options: ReporterRulesOptions): RuleFile {
  const names = namesOf(options.labels);
  const alerts = [loadAlerts, memoryAlerts, checkpointAlerts, livenessAlerts, eventTimeAlerts].flatMap((make) =>
    make(names),
  );
  return {
    groups: [
      // One group: its rules run in order, so that alerts see what was recorded just before.
      {
        name: 'flink-reporter',
        rules: [...recordingsOf(names), ...alerts.map((alert) => toAlertRule(alert, options))],
      },
    ],
  };
}
