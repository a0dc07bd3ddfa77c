import type { Severity } from '../engine/finding.js';
import type { Text } from '../text.js';

/** What lint has to say of one place in one file. */
export interface LintProblem {
  readonly rule: string;
  /** `critical`: Flink refuses to start or to run the job so. `warning`: it does other than is written. `info`: worth a thought before production. */
  readonly severity: Severity;
  readonly line: number;
  readonly key?: string;
  readonly message: Text;
  /** What to do. */
  readonly fix?: Text;
}

/** A key that could not be judged. */
export interface NotJudged {
  readonly key: string;
  readonly line: number;
  readonly reason: Text;
}

/** Keys whose values are not shown: those of `GlobalConfiguration.isSensitive`. */
const SENSITIVE =
  /password|secret|fs\.azure\.account\.key|apikey|api-key|auth-params|service-key|token|basic-auth|jaas\.config|http-headers/i;

/** A value for a message; not that of a key that holds a secret. */
export const shownValue = (key: string, value: string): string =>
  SENSITIVE.test(key) ? '******' : value.length > 80 ? `${value.slice(0, 77)}…` : value;
