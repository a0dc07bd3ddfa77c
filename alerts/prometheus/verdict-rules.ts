import { alertName } from '../alert-name.js';
import type { Severity } from '../../analyzer/engine/finding.js';
import type { AnyRule } from '../../analyzer/engine/rule.js';
import { PAGE_HEADINGS } from '../../analyzer/engine/rule-page.js';
import { inLanguage, text, type Language, type Text } from '../../analyzer/text.js';
import { literal, type AlertRule, type RuleFile } from './rule-file.js';
import { sectionOf } from './rule-page.js';
import { selfAlerts } from './self-rules.js';

export interface VerdictRulesOptions {
  readonly language: Language;
  /** The Markdown page of a rule. */
  readonly pageOf: (ruleId: string, language: Language) => string;
  /** Where people reach Weir, without a slash at its end; without it alerts carry no links. */
  readonly publicUrl?: string;
}

type AlertingSeverity = Exclude<Severity, 'info'>;

/**
 * Weir's life cycle has asked for three readings already (`analyzer/engine/lifecycle`), and takes a verdict back as slowly:
 * a second wait would only make the alert late.
 */
const FOR = '0s';

/** Alert rules on root verdicts, one per rule and severity, and on Weir's own health. Infos do not alert. */
export function verdictRules(rules: readonly AnyRule[], options: VerdictRulesOptions): RuleFile {
  return {
    groups: [
      { name: 'weir-verdicts', rules: rules.flatMap((rule) => alertsFor(rule, options)) },
      { name: 'weir-self', rules: selfAlerts(options.language) },
    ],
  };
}

function alertsFor(rule: AnyRule, options: VerdictRulesOptions): AlertRule[] {
  if (rule.basis !== 'measured') return [];
  return severitiesOf(rule).map((severity) => ({
    alert: alertName(rule.id, severity === 'critical'),
    expr: expressionFor(rule.id, severity, rule.severityMax === 'critical'),
    for: FOR,
    labels: { severity, rule: rule.id },
    annotations: annotationsFor(rule, options),
  }));
}

const severitiesOf = ({ severityMax }: AnyRule): readonly AlertingSeverity[] =>
  severityMax === 'info' ? [] : severityMax === 'warning' ? ['warning'] : ['warning', 'critical'];

/** The value is the moment of the verdict in Unix seconds, which the link needs: a finding's own value is always 1. */
function expressionFor(rule: string, severity: AlertingSeverity, mayBeWorse: boolean): string {
  const now = `max by (cluster, job_name, vertex) (timestamp(${rootOf(rule, severity)}))`;
  return severity === 'warning' && mayBeWorse
    ? `${now} unless on (cluster, job_name, vertex) max_over_time(${rootOf(rule, 'critical')}[${BETTER_FOR}])`
    : now;
}

const rootOf = (rule: string, severity: AlertingSeverity): string =>
  `weir_finding{rule="${rule}", severity="${severity}", role="root", basis="measured"}`;

/** What was told as critical and is a warning now has become better: that is no second message, unless it stays. */
const BETTER_FOR = '15m';

function annotationsFor(rule: AnyRule, { publicUrl, ...options }: VerdictRulesOptions): Record<string, string> {
  return {
    ...wordsFor(rule, options),
    ...(publicUrl === undefined
      ? {}
      : {
          link: `${literal(publicUrl)}/open?cluster={{ $labels.cluster | urlquery }}&job={{ $labels.job_name | urlquery }}&at={{ $value | printf "%.0f" }}000`,
          runbook_url: `${literal(publicUrl)}/rules/${rule.id}`,
        }),
  };
}

/** Cause and first action are the beginning of the rule's page. */
function wordsFor(rule: AnyRule, { language, pageOf }: VerdictRulesOptions): Record<string, string> {
  const title = inLanguage(rule.title, language);
  const page = pageOf(rule.id, language);
  const headings = PAGE_HEADINGS[language];
  return {
    summary: inLanguage(summaryOf(literal(title)), language),
    description: literal(sectionOf(page, headings.finds) ?? title),
    action: literal(sectionOf(page, headings.change) ?? inLanguage(explainIt(rule.id), language)),
  };
}

const summaryOf = (title: string): Text =>
  text(
    `{{ $labels.job_name }} on {{ $labels.cluster }}: ${title}{{ with $labels.vertex }}, at {{ . }}{{ end }}`,
    `{{ $labels.cluster }} 上的 {{ $labels.job_name }}：${title}{{ with $labels.vertex }}，位于 {{ . }}{{ end }}`,
  );

const explainIt = (rule: string): Text =>
  text(`Run: weir rules explain ${rule}`, `运行 weir rules explain ${rule} --lang zh-CN`);
