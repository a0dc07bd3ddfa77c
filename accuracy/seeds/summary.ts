import type { Floors, Score } from '../score.js';
import { scoreOf, shortfalls } from '../score.js';
import type { Verdict } from '../trace.js';
import { FAULT_KINDS } from './kinds.js';

/** False alarms and flips that are let pass on a healthy job, a day. */
const ALARMS_A_DAY_MAX = 0.01;
const FLIPS_A_DAY_MAX = 1;

/** One line for each kind of fault: what is expected, how often it was found, first, in the right place, and how fast. */
export function kindLines(verdicts: readonly Verdict[]): readonly string[] {
  return FAULT_KINDS.flatMap(({ id, rule }) => {
    const own = verdicts.filter(({ scenario }) => scenario === id);
    if (own.length === 0) return [];
    const { faults, rankOneAccuracy, localisation, precision, secondsMedian, secondsMax } = scoreOf(own);
    const found = own.filter(({ isPlaceFound }) => isPlaceFound).length;
    return [
      [
        `${id}: ${rule}: ${found}/${faults} found`,
        `first ${percent(rankOneAccuracy)}`,
        `place ${percent(localisation)}`,
        `precision ${percent(precision)}`,
        `after ${secondsMedian ?? '-'} s, ${secondsMax ?? '-'} s at most`,
      ].join('; '),
    ];
  });
}

/** One line for each seed whose verdict was not as labelled. */
export function missLines(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts
    .filter(({ expected, isFirst, wrong }) => wrong.length > 0 || (expected !== undefined && !isFirst))
    .map(({ scenario, flink, expected, first, isFirst, isPlaceFound, wrong }) => {
      const missed =
        expected !== undefined && !isFirst ? [`${isPlaceFound ? 'NOT FIRST' : 'MISSED'} (${first ?? 'nothing'})`] : [];
      return [
        `${scenario} ${flink}: ${expected ?? 'nothing'}`,
        ...missed,
        ...wrong.map(({ finding }) => `wrong: ${finding}`),
      ].join('; ');
    });
}

export function healthyLine({ healthyAlarms, healthyJobDays }: Score, flips: number): string {
  return `healthy: ${Math.round(healthyJobDays)} job-days; ${healthyAlarms} false alarm(s); ${flips} flip(s)`;
}

export const healthyFlips = (verdicts: readonly Verdict[]): number =>
  verdicts.reduce((sum, { expected, flips }) => sum + (expected === undefined ? flips : 0), 0);

/** Figures below their floors, and more alarms and flips on healthy days than are let pass. */
export function seedShortfalls(verdicts: readonly Verdict[], floors: Floors): readonly string[] {
  const score = scoreOf(verdicts);
  const { healthyJobDays, healthyAlarms } = score;
  const flips = healthyFlips(verdicts);
  return [
    ...shortfalls({ ...score, healthyAlarms: 0 }, floors),
    ...(healthyAlarms <= ALARMS_A_DAY_MAX * healthyJobDays
      ? []
      : [`${healthyAlarms} false alarm(s) in ${Math.round(healthyJobDays)} healthy job-days`]),
    ...(flips <= FLIPS_A_DAY_MAX * healthyJobDays
      ? []
      : [`${flips} flip(s) in ${Math.round(healthyJobDays)} healthy job-days`]),
  ];
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
