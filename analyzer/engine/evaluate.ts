import type { JobState } from '../../collector/model/index.js';
import { text, type Text } from '../text.js';
import type { SignalName, SignalSet } from '../signals/signals.js';
import type { Finding } from './finding.js';
import type { AnyRule, OptionValues, Outcome, RuleOptions, RuleView, Verdict } from './rule.js';

/** Option values per rule id, where they differ from the rule's defaults. */
export type RuleSettings = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Categories that judge a batch job too (gate G4): the others describe an endless stream. */
const BATCH_CATEGORIES: readonly string[] = ['stability', 'memory', 'configuration'];

const NOT_RUNNING = text('not all tasks are running', '并非所有任务都在运行');
/** States that somebody wanted: nothing is wrong with a job that was stopped or is done. */
const ENDED: readonly JobState[] = ['CANCELED', 'CANCELLING', 'FINISHED'];
const HAS_ENDED = text('the job has ended', '作业已结束');
const IS_BATCH = text('a batch job: pressure and lag mean nothing here', '批处理作业：反压与积压在此没有意义');

/** Runs every rule once. A throw in one rule is that rule's outcome and nobody else's. */
export function evaluate(rules: readonly AnyRule[], signals: SignalSet, settings: RuleSettings): readonly Outcome[] {
  return rules.map((rule) => evaluateRule(rule, signals, settings));
}

function evaluateRule(rule: AnyRule, signals: SignalSet, settings: RuleSettings): Outcome {
  const view = viewFor(rule, signals);
  if ('reason' in view) return { rule: rule.id, status: 'skipped', reason: view.reason };
  try {
    const verdicts = rule.detect(view.view, optionsOf(rule, settings));
    if ('notEvaluated' in verdicts) return { rule: rule.id, status: 'skipped', reason: verdicts.notEvaluated };
    if (verdicts.length === 0) return { rule: rule.id, status: 'clear' };
    return { rule: rule.id, status: 'findings', findings: verdicts.map((verdict) => findingOf(rule, verdict)) };
  } catch (error) {
    return { rule: rule.id, status: 'crashed', error: error instanceof Error ? `${error.message}` : String(error) };
  }
}

/** What the rule may see, or why it cannot judge now. */
export function viewFor(rule: AnyRule, signals: SignalSet): { view: RuleView<SignalName> } | { reason: Text } {
  const { job } = signals;
  const isAsked = rule.appliesTo === 'also-cancelling' && job.state === 'CANCELLING';
  if (ENDED.includes(job.state) && !isAsked) return { reason: HAS_ENDED };
  if (rule.appliesTo === 'running' && job.allRunningSinceMs === undefined) return { reason: NOT_RUNNING };
  if (job.batch && !BATCH_CATEGORIES.includes(rule.category)) return { reason: IS_BATCH };
  // One object and no copies: every rule asks for its view in every beat of every job.
  const view: Partial<Record<SignalName | 'job' | 'nowMs', unknown>> = { job, nowMs: signals.nowMs };
  for (const name of rule.needs) {
    const signal = signals.get(name);
    if (!signal.ok) return { reason: signal.reason };
    view[name] = signal.value;
  }
  // Holds only the signals that the rule named; its own type lets it read no others.
  return { view: view as RuleView<SignalName> };
}

export function optionsOf(rule: AnyRule, settings: RuleSettings): OptionValues<RuleOptions> {
  const set = settings[rule.id];
  const defaults = defaultsOf(rule);
  return set === undefined ? defaults : { ...defaults, ...set };
}

/** A rule's options never change, and every job asks for them in every beat. */
const knownDefaults = new WeakMap<AnyRule, OptionValues<RuleOptions>>();

function defaultsOf(rule: AnyRule): OptionValues<RuleOptions> {
  const known = knownDefaults.get(rule);
  if (known !== undefined) return known;
  const entries = Object.entries(rule.options).map(([name, option]) => [name, option.default] as const);
  const defaults: OptionValues<RuleOptions> = Object.freeze(Object.fromEntries(entries));
  knownDefaults.set(rule, defaults);
  return defaults;
}

function findingOf(rule: AnyRule, verdict: Verdict): Finding {
  return {
    wouldChange: [],
    notSeen: [],
    ...verdict,
    rule: rule.id,
    category: rule.category,
    basis: rule.basis,
  };
}
