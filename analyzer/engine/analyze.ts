import type { JobHistory } from '../../collector/model/index.js';
import { present } from '../numbers.js';
import { signalsOf, type SignalSet } from '../signals/signals.js';
import type { Text } from '../text.js';
import { evaluate, optionsOf, viewFor, type RuleSettings } from './evaluate.js';
import type { LiveFinding, Severity } from './finding.js';
import { healthOf } from './health.js';
import { advance, type Lives } from './lifecycle.js';
import { rankFindings } from './rank.js';
import type { Advice, Change, Recommendation } from './recommendation.js';
import type { AnyRule, Outcome } from './rule.js';
import { worstOf } from './worst.js';

export interface AnalysisOptions {
  readonly rules: readonly AnyRule[];
  readonly settings: RuleSettings;
  /** Rule ids that are switched off for this job. */
  readonly disabled: readonly string[];
}

/** Everything Weir says of one job as of one moment. One report, many renderings. */
export interface JobReport {
  readonly cluster: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly atMs: number;
  /** False while the cluster cannot be read: findings are the last known, and `worst` is `unknown`. */
  readonly reachable: boolean;
  readonly history: JobHistory;
  readonly signals: SignalSet;
  readonly findings: readonly LiveFinding[];
  readonly recommendations: readonly Recommendation[];
  readonly outcomes: readonly Outcome[];
  readonly health: number;
  readonly worst: 'ok' | Severity | 'unknown';
  readonly notEvaluated: readonly { readonly rule: string; readonly reason: Text }[];
  readonly clear: readonly string[];
}

/** Judges one job: signals, rules, life cycle, cause graph, advice. Pure: `lives` comes from the previous beat. */
export function analyzeJob(
  history: JobHistory,
  lives: Lives,
  nowMs: number,
  options: AnalysisOptions,
): { readonly report: JobReport; readonly lives: Lives } {
  const { disabled } = options;
  const rules = disabled.length === 0 ? options.rules : options.rules.filter((rule) => !disabled.includes(rule.id));
  const signals = signalsOf(history, nowMs);
  const outcomes = history.reachable ? evaluate(rules, signals, options.settings) : [];
  const beat = {
    cluster: history.cluster,
    jobName: history.jobName,
    nowMs,
    readingMs: history.rounds.filter((round) => round.ok).at(-1)?.atMs ?? 0,
  };
  const next = history.reachable ? advance(lives, outcomes, rules, beat) : lives;
  const findings = rankFindings([...next.values()], signals.job);
  const report: JobReport = {
    cluster: history.cluster,
    jobId: history.jobId,
    jobName: history.jobName,
    atMs: nowMs,
    reachable: history.reachable,
    history,
    signals,
    findings,
    recommendations: recommend(findings, rules, signals, options.settings),
    outcomes,
    health: healthOf(findings, nowMs),
    worst: worstOf(findings, history.reachable),
    notEvaluated: present(
      outcomes.map((outcome) =>
        outcome.status === 'skipped'
          ? { rule: outcome.rule, reason: outcome.reason }
          : outcome.status === 'crashed'
            ? { rule: outcome.rule, reason: crashText(outcome.error) }
            : undefined,
      ),
    ),
    clear: outcomes.filter((outcome) => outcome.status === 'clear').map((outcome) => outcome.rule),
  };
  return { report, lives: next };
}

function crashText(error: string): Text {
  return { en: `the rule crashed: ${error}`, 'zh-CN': `规则执行出错：${error}` };
}

/**
 * Asks each open root's rule for advice; a change that a better ranked root already proposes otherwise is dropped.
 * While something is wrong, or a backlog is worked off, nothing is taken away: the slot that stands idle may be the one
 * that is needed.
 */
function recommend(
  findings: readonly LiveFinding[],
  rules: readonly AnyRule[],
  signals: SignalSet,
  settings: RuleSettings,
): readonly Recommendation[] {
  const taken = new Set<string>();
  const roots = findings.filter((finding) => finding.role === 'root' && finding.state !== 'resolved');
  const lag = signals.get('lag');
  const isCatchingUp = lag.ok && lag.value.phase === 'catching-up';
  const isIll = isCatchingUp || roots.some((finding) => finding.basis === 'measured' && finding.severity !== 'info');
  return roots.flatMap((finding) => {
    const rule = rules.find((candidate) => candidate.id === finding.rule);
    const seen = rule === undefined ? undefined : viewFor(rule, signals);
    if (rule === undefined || seen?.ok !== true) return [];
    const advice = safely(() => rule.advise(finding, seen.view, optionsOf(rule, settings)));
    const fitting = isIll && finding.severity === 'info' ? advice.filter((item) => !saves(item)) : advice;
    return fitting.filter((item) => claim(item, taken)).map((item, i) => recommendationOf(item, finding, i));
  });
}

const saves = ({ cost }: Advice): boolean => cost.slots < 0 || cost.taskManagers < 0 || cost.memoryBytes < 0;

/** A crash while advising costs the advice, never the finding. */
function safely(advise: () => readonly Advice[]): readonly Advice[] {
  try {
    return advise();
  } catch {
    return [];
  }
}

function claim(advice: Advice, taken: Set<string>): boolean {
  const keys = advice.changes.map(changeKey);
  if (keys.some((key) => taken.has(key))) return false;
  for (const key of keys) taken.add(key);
  return true;
}

function changeKey(change: Change): string {
  return `${change.scope}|${change.vertexId ?? ''}|${change.key ?? ''}`;
}

function recommendationOf(advice: Advice, finding: LiveFinding, index: number): Recommendation {
  return {
    ...advice,
    id: `${finding.id}~${advice.kind}${index === 0 ? '' : `~${index}`}`,
    cluster: finding.cluster,
    jobId: finding.jobId,
    jobName: finding.jobName,
    findings: [finding.id],
    state: 'proposed',
  };
}
