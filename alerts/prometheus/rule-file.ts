import { stringify } from 'yaml';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface RuleGroup {
  readonly name: string;
  /** Of the server's configuration when not given. */
  readonly interval?: string;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

/** What a Prometheus rule file holds. */
export interface RuleFile {
  readonly groups: readonly RuleGroup[];
}

/** The file as YAML: expressions and texts on one line each, so that a change shows as one line. */
export function renderRuleFile(file: RuleFile, heading: string): string {
  const comment = heading.split('\n').map((line) => `# ${line}\n`);
  return comment.join('') + stringify(file, { lineWidth: 0 });
}

/** Text that Prometheus, which reads annotations as Go templates, shows as it is. */
export const literal = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');
