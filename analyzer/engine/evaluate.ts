import type { JobState } from '../../collector/model/index.js';
import { text, type Text } from '../text.js';
import type { SignalName, SignalSet } from '../signals/signals.js';
import type { Finding } from './finding.js';
import type { AnyRule, NotEvaluated, OptionValues, Outcome, RuleOptions, RuleView, Verdict } from './rule.js';

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
  const seen = viewFor(rule, signals);
  if (!seen.ok) return { rule: rule.id, status: 'skipped', reason: seen.reason };
  try {
    const verdicts = rule.detect(seen.view, optionsOf(rule, settings));
    if (!isVerdicts(verdicts)) return { rule: rule.id, status: 'skipped', reason: verdicts.notEvaluated };
    if (verdicts.length === 0) return constantsOf(rule).clear;
    return { rule: rule.id, status: 'findings', findings: verdicts.map((verdict) => findingOf(rule, verdict)) };
  } catch (error) {
    return { rule: rule.id, status: 'crashed', error: error instanceof Error ? `${error.message}` : String(error) };
  }
}

/** `Array.isArray` alone does not narrow a readonly array. */
const isVerdicts = (said: readonly Verdict[] | NotEvaluated): said is readonly Verdict[] => Array.isArray(said);

/** What a rule may see, or why it cannot judge now. */
export type Seen =
  { readonly ok: true; readonly view: RuleView<SignalName> } | { readonly ok: false; readonly reason: Text };

const unseen = (reason: Text): Seen => ({ ok: false, reason });

export function viewFor(rule: AnyRule, signals: SignalSet): Seen {
  const { job } = signals;
  const isAsked = rule.appliesTo === 'also-cancelling' && job.state === 'CANCELLING';
  if (ENDED.includes(job.state) && !isAsked) return unseen(HAS_ENDED);
  if (rule.appliesTo === 'running' && job.allRunningSinceMs === undefined) return unseen(NOT_RUNNING);
  if (job.batch && !BATCH_CATEGORIES.includes(rule.category)) return unseen(IS_BATCH);
  // One object and no copies: every rule asks for its view in every beat of every job.
  const view: Partial<Record<SignalName | 'job' | 'nowMs', unknown>> = { job, nowMs: signals.nowMs };
  for (const name of rule.needs) {
    const signal = signals.get(name);
    if (!signal.ok) return unseen(signal.reason);
    view[name] = signal.value;
  }
  // Holds only the signals that the rule named; its own type lets it read no others.
  return { ok: true, view: view as RuleView<SignalName> };
}

export function optionsOf(rule: AnyRule, settings: RuleSettings): OptionValues<RuleOptions> {
  const set = settings[rule.id];
  const { defaults } = constantsOf(rule);
  return set === undefined ? defaults : { ...defaults, ...set };
}

/** What of a rule never changes, and every job asks for in every beat: 180 rules times 1,000 jobs. */
interface RuleConstants {
  readonly defaults: OptionValues<RuleOptions>;
  /** What most rules say of most jobs: one object for all of them. */
  readonly clear: Outcome;
}

const knownConstants = new WeakMap<AnyRule, RuleConstants>();

function constantsOf(rule: AnyRule): RuleConstants {
  const known = knownConstants.get(rule);
  if (known !== undefined) return known;
  const entries = Object.entries(rule.options).map(([name, option]) => [name, option.default] as const);
  const constants: RuleConstants = {
    defaults: Object.freeze(Object.fromEntries(entries)),
    clear: Object.freeze({ rule: rule.id, status: 'clear' }),
  };
  knownConstants.set(rule, constants);
  return constants;
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
