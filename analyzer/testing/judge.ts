import type { JobHistory } from '../../collector/model/index.js';
import { analyzeJob, type JobReport } from '../engine/analyze.js';
import { evaluate, optionsOf, viewFor, type RuleSettings } from '../engine/evaluate.js';
import type { Finding } from '../engine/finding.js';
import type { Lives } from '../engine/lifecycle.js';
import type { Advice } from '../engine/recommendation.js';
import type { AnyRule, Outcome } from '../engine/rule.js';
import { signalsOf, type SignalSet } from '../signals/signals.js';
import { nowOf, STEP_MS, until } from './job-builder.js';

/** What rules say of one moment, without life cycle. */
export interface Judgement {
  readonly signals: SignalSet;
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
  /** What the rules of the findings advise, in the order of the findings. */
  readonly advice: readonly Advice[];
  /** Why rules were skipped, in English. */
  readonly skipped: readonly string[];
}

/** Runs rules at one instant. A crash is an error: no built job may crash a rule. */
export function judge(
  history: JobHistory,
  rules: readonly AnyRule[],
  nowMs: number = nowOf(history),
  settings: RuleSettings = {},
): Judgement {
  const signals = signalsOf(history, nowMs);
  const outcomes = evaluate(rules, signals, settings);
  const crashed = outcomes.find((outcome) => outcome.status === 'crashed');
  if (crashed?.status === 'crashed') throw new Error(`${crashed.rule} crashed: ${crashed.error}`);
  const findings = outcomes.flatMap((outcome) => (outcome.status === 'findings' ? outcome.findings : []));
  return {
    signals,
    outcomes,
    findings,
    advice: findings.flatMap((finding) => adviceOn(finding, rules, signals, settings)),
    skipped: outcomes.flatMap((outcome) => (outcome.status === 'skipped' ? [outcome.reason.en] : [])),
  };
}

function adviceOn(
  finding: Finding,
  rules: readonly AnyRule[],
  signals: SignalSet,
  settings: RuleSettings,
): readonly Advice[] {
  const rule = rules.find(({ id }) => id === finding.rule);
  const seen = rule === undefined ? undefined : viewFor(rule, signals);
  if (rule === undefined || seen?.ok !== true) return [];
  return rule.advise(finding, seen.view, optionsOf(rule, settings));
}

export interface Beats {
  readonly beats?: number;
  readonly everyMs?: number;
  readonly settings?: RuleSettings;
  readonly disabled?: readonly string[];
  readonly lives?: Lives;
}

/** Runs rules beat by beat up to the last reading, each beat on what was known by then: life cycle, roots, advice. */
export function live(
  history: JobHistory,
  rules: readonly AnyRule[],
  { beats = 6, everyMs = STEP_MS, settings = {}, disabled = [], lives = new Map() }: Beats = {},
): { readonly reports: readonly JobReport[]; readonly last: JobReport; readonly lives: Lives } {
  const reports: JobReport[] = [];
  let known = lives;
  for (let back = beats - 1; back >= 0; back -= 1) {
    const nowMs = nowOf(history) - back * everyMs;
    const beat = analyzeJob(until(history, nowMs), known, nowMs, { rules, settings, disabled });
    reports.push(beat.report);
    known = beat.lives;
  }
  const last = reports.at(-1);
  if (last === undefined) throw new Error('live() needs at least one beat');
  return { reports, last, lives: known };
}
