import { inLanguage, type Language, type Text } from '../../../analyzer/text.js';
import type { AlertRule } from '../rule-file.js';

export interface ReporterAlert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'warning' | 'critical';
  /** The rule of Weir that judges the same from more: its page explains the fault. */
  readonly rule: string;
  readonly summary: Text;
  readonly description: Text;
  readonly action: Text;
}

export interface AlertRuleOptions {
  readonly language: Language;
  /** Where Weir is reached, without a slash at its end; without it alerts name the command that shows the page. */
  readonly publicUrl?: string;
}

export function toAlertRule(alert: ReporterAlert, { language, publicUrl }: AlertRuleOptions): AlertRule {
  const { severity, rule, summary, description, action } = alert;
  return {
    alert: alert.alert,
    expr: alert.expr,
    for: alert.for,
    labels: { severity, rule },
    annotations: {
      summary: inLanguage(summary, language),
      description: inLanguage(description, language),
      action: inLanguage(action, language),
      runbook: `weir rules explain ${rule}`,
      ...(publicUrl === undefined ? {} : { runbook_url: `${publicUrl}/rules/${rule}` }),
    },
  };
}
