import type { Verdict } from './trace.js';

/** How right Weir is over a set of labelled recordings. Shares are 0–1. */
export interface Score {
  readonly recordings: number;
  readonly scenarios: number;
  readonly faults: number;
  /** Faults whose expected root stood first. */
  readonly rankOneAccuracy: number;
  /** Mean over the rules that a label or a wrong alarm names. */
  readonly macroF1: number;
  /** Expected roots of all roots of weight. */
  readonly precision: number;
  /** Of the faults whose rule fired: on the right vertex and subtasks. */
  readonly localisation: number;
  readonly secondsMedian?: number;
  readonly secondsMax?: number;
  /** Measured findings of weight on healthy jobs. */
  readonly healthyAlarms: number;
  readonly healthyJobDays: number;
  readonly flips: number;
}

export function scoreOf(verdicts: readonly Verdict[]): Score {
  const faults = verdicts.filter(({ expected }) => expected !== undefined);
  const healthy = verdicts.filter(({ expected }) => expected === undefined);
  const named = faults.filter(({ isRuleFound }) => isRuleFound);
  const placed = faults.filter(({ isPlaceFound }) => isPlaceFound);
  const wrong = count(verdicts, (verdict) => verdict.wrong.length);
  const seconds = placed.flatMap((verdict) => verdict.seconds ?? []).sort((a, b) => a - b);
  const [median, longest] = [seconds[Math.floor(seconds.length / 2)], seconds.at(-1)];
  return {
    recordings: verdicts.length,
    scenarios: new Set(verdicts.map(({ scenario }) => scenario)).size,
    faults: faults.length,
    rankOneAccuracy: share(faults.filter(({ isFirst }) => isFirst).length, faults.length),
    macroF1: macroF1(verdicts),
    precision: share(placed.length, placed.length + wrong),
    localisation: share(placed.length, named.length),
    ...(median === undefined || longest === undefined ? {} : { secondsMedian: median, secondsMax: longest }),
    healthyAlarms: count(healthy, (verdict) => verdict.wrong.length),
    healthyJobDays: count(healthy, ({ jobDays }) => jobDays),
    flips: count(verdicts, ({ flips }) => flips),
  };
}

/** F1 of a rule: found where it is expected, missed there, told where it is not. */
function macroF1(verdicts: readonly Verdict[]): number {
  const rules = new Set(
    verdicts.flatMap(({ expected, wrong }) => [
      ...(expected === undefined ? [] : [expected]),
      ...wrong.map(({ rule }) => rule),
    ]),
  );
  const f1 = [...rules].map((rule) => {
    const expected = verdicts.filter((verdict) => verdict.expected === rule);
    const found = expected.filter(({ isPlaceFound }) => isPlaceFound).length;
    const told = count(verdicts, ({ wrong }) => wrong.filter((one) => one.rule === rule).length);
    return share(2 * found, found + told + expected.length);
  });
  return share(
    f1.reduce((sum, value) => sum + value, 0),
    f1.length,
  );
}

const count = (verdicts: readonly Verdict[], of: (verdict: Verdict) => number): number =>
  verdicts.reduce((sum, verdict) => sum + of(verdict), 0);

/** Nothing of nothing is whole: no recording says otherwise. */
const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** Lowest figures that are let pass; they only rise. */
export interface Floors {
  readonly scenarios: number;
  readonly rankOneAccuracy: number;
  readonly macroF1: number;
  readonly precision: number;
  readonly localisation: number;
}

const FLOORS = ['scenarios', 'rankOneAccuracy', 'macroF1', 'precision', 'localisation'] as const;

/** One line for each figure below its floor, and for alarms on healthy jobs. */
export function shortfalls(score: Score, floors: Floors): readonly string[] {
  return [
    ...FLOORS.filter((figure) => score[figure] < floors[figure]).map(
      (figure) => `${figure} is ${rounded(score[figure])}, and must be ${floors[figure]} at least`,
    ),
    ...(score.healthyAlarms === 0 ? [] : [`${score.healthyAlarms} alarm(s) on healthy jobs`]),
  ];
}

export const rounded = (value: number): number => Math.round(value * 1000) / 1000;
