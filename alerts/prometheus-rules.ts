import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { AnyRule } from '../analyzer/engine/rule.js';
import type { Severity } from '../analyzer/engine/finding.js';

/** How long a verdict stands before it pages: Weir's own life cycle has already asked for persistence. */
const FOR: Readonly<Record<Exclude<Severity, 'info'>, string>> = { critical: '1m', warning: '5m' };

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Alert rules on root verdicts, one per rule and severity, and on Weir's own health. Infos do not alert. */
export function prometheusAlertRules(rules: readonly AnyRule[]): {
  readonly groups: readonly { readonly name: string; readonly rules: readonly AlertRule[] }[];
} {
  return {
    groups: [
      { name: 'weir-verdicts', rules: rules.flatMap(alertsFor) },
      { name: 'weir-self', rules: SELF },
    ],
  };
}

function alertsFor(rule: AnyRule): AlertRule[] {
  if (rule.basis !== 'measured') return [];
  const severities = (['warning', 'critical'] as const).filter((severity) =>
    severity === 'warning' ? rule.severityMax !== 'info' : rule.severityMax === 'critical',
  );
  return severities.map((severity) => ({
    alert: `Weir${pascal(rule.id)}${severity === 'critical' ? 'Critical' : ''}`,
    expr: `max by (cluster, job_name, vertex) (weir_finding{rule="${rule.id}", severity="${severity}", role="root", basis="measured"}) == 1`,
    for: FOR[severity],
    labels: { severity, rule: rule.id },
    annotations: {
      summary: `{{ $labels.job_name }} on {{ $labels.cluster }}: ${rule.title.en}`,
      description: `Weir names {{ if $labels.vertex }}{{ $labels.vertex }}{{ else }}the job{{ end }} as the cause. Open the job in Weir for the evidence and the change to make, or run: weir rules explain ${rule.id}`,
    },
  }));
}

const SELF: readonly AlertRule[] = [
  {
    alert: 'WeirClusterUnknown',
    expr: 'weir_cluster_up == 0',
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Weir cannot read the Flink cluster {{ $labels.cluster }}',
      description: 'Nothing is known about its jobs since then. The dashboard says what failed.',
    },
  },
  {
    alert: 'WeirJobDataOld',
    expr: 'weir_job_data_age_seconds > 120',
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'The newest reading of {{ $labels.job_name }} is {{ $value | humanizeDuration }} old',
      description: 'Verdicts on this job are stale.',
    },
  },
  {
    alert: 'WeirStoreDropsSamples',
    expr: 'increase(weir_store_dropped_samples_total[10m]) > 0',
    for: '0m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Weir’s store does not keep up and drops samples',
      description: 'History has gaps from now on. Look at the disk, or shorten store.retention.',
    },
  },
];

function pascal(id: string): string {
  return id.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}

/** Writes the rule file; returns the paths written. */
export function exportPrometheusRules(rules: readonly AnyRule[], dir: string): readonly string[] {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, 'weir-alerts.yml');
  writeFileSync(path, stringify(prometheusAlertRules(rules), { lineWidth: 0 }));
  return [path];
}
