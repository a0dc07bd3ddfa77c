import type { JobFacts } from '../signals/job-facts.js';
import type { SignalName, Signals } from '../signals/signals.js';
import type { Text } from '../text.js';
import type { Finding, Severity } from './finding.js';
import type { Advice } from './recommendation.js';

/** What a rule may look at: the job's plain facts and the signals it declared, nothing else. */
export type RuleView<N extends SignalName> = { readonly job: JobFacts; readonly nowMs: number } & Pick<Signals, N>;

/** What a rule says of its subject; the engine adds rule, category and basis. */
export type Verdict = Omit<Finding, 'rule' | 'category' | 'basis' | 'notSeen' | 'wouldChange'> &
  Partial<Pick<Finding, 'notSeen' | 'wouldChange'>>;

/** Said by a rule whose signal is there but does not hold what it needs: never "clear" where nothing is known. */
export interface NotEvaluated {
  readonly notEvaluated: Text;
}

/** An option of a rule: a number with unit and meaning; it becomes configuration and documentation. */
export interface RuleOption {
  readonly default: number;
  readonly unit: string;
  readonly description: string;
}
export type RuleOptions = Readonly<Record<string, RuleOption>>;
export type OptionValues<O extends RuleOptions> = { readonly [K in keyof O]: number };

export interface Rule<N extends SignalName = SignalName, O extends RuleOptions = RuleOptions> {
  /** The file's name, the page's name, the API's `rule`, the metric's label. */
  readonly id: string;
  /** The folder below `rules/`. */
  readonly category: string;
  readonly title: Text;
  readonly severityMax: Severity;
  readonly basis: Finding['basis'];
  readonly needs: readonly N[];
  readonly options: O;
  /**
   * When a verdict opens. `persisting`: after three consecutive distinct readings over 30 s. `at-once`: the evidence is
   * itself several events (three checkpoints, three restarts) or a fact (a TaskManager is gone).
   */
  readonly opens: 'persisting' | 'at-once';
  /**
   * A job that is not RUNNING, or whose tasks have just started, is left to the rules that ask for it; one that somebody
   * cancels to the rule about cancelling.
   */
  readonly appliesTo: 'running' | 'any-state' | 'also-cancelling';
  // Method syntax on purpose: it lets differently typed rules share one registry.
  detect(view: RuleView<N>, options: OptionValues<O>): readonly Verdict[] | NotEvaluated;
  advise(finding: Finding, view: RuleView<N>, options: OptionValues<O>): readonly Advice[];
}

export function defineRule<const N extends SignalName, const O extends RuleOptions>(rule: Rule<N, O>): Rule<N, O> {
  return rule;
}

export type AnyRule = Rule<SignalName, RuleOptions>;

/** What one rule said about one job. Exactly one of four. */
export type Outcome =
  | { readonly rule: string; readonly status: 'clear' }
  | { readonly rule: string; readonly status: 'findings'; readonly findings: readonly Finding[] }
  | { readonly rule: string; readonly status: 'skipped'; readonly reason: Text }
  | { readonly rule: string; readonly status: 'crashed'; readonly error: string };
