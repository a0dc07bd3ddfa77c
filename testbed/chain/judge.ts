import { isOnOperator } from '../suite/judge.js';
import type { Heard } from './receiver.js';

/** As the promise has it: the message 90 s after the finding, 6 minutes after the fault; without Weir 10 minutes after the fault. */
const AFTER_FINDING_MS = 90_000;
const AFTER_FAULT_MS = 6 * 60_000;
const WITHOUT_WEIR_MS = 10 * 60_000;

export interface ChainTruth {
  /** The operator that is at fault; undefined: the fault has no vertex. */
  readonly operator?: string;
  readonly rule: string;
  /** The alert on Weir's verdict, and the one on Flink's metrics alone. */
  readonly verdictAlert: string;
  readonly reporterAlert: string;
}

export interface ChainTimes {
  readonly faultMs: number;
  /** When the finding fired, as Weir's API tells it; undefined: never. */
  readonly findingMs: number | undefined;
}

/** How one family of alerts told the fault: its first message, and the one that took it back. */
export interface Told {
  readonly family: string;
  readonly alert: string;
  readonly vertex: string;
  readonly summary: string;
  readonly action: string;
  readonly afterFaultSeconds: number;
  readonly afterFindingSeconds?: number;
  readonly resolvedAfterFaultSeconds?: number;
}

export interface ChainVerdict {
  readonly told: readonly Told[];
  readonly problems: readonly string[];
}

interface Family {
  readonly name: string;
  readonly of: (heard: Heard) => boolean;
  readonly alert: string;
  readonly limitMs: number;
}

const familiesFor = ({ rule, verdictAlert, reporterAlert }: ChainTruth): readonly Family[] => [
  {
    name: 'on verdicts',
    of: ({ via, name }) => via === 'alertmanager' && name.startsWith('Weir'),
    alert: verdictAlert,
    limitMs: AFTER_FAULT_MS,
  },
  { name: "Weir's webhook", of: ({ via }) => via === 'weir', alert: rule, limitMs: AFTER_FAULT_MS },
  {
    name: 'on Flink’s metrics',
    of: ({ via, name }) => via === 'alertmanager' && name.startsWith('Flink'),
    alert: reporterAlert,
    limitMs: WITHOUT_WEIR_MS,
  },
];

/** All that the receiver heard, from the job's start to its end, held against what is true. */
export function judgeChain(heard: readonly Heard[], truth: ChainTruth, times: ChainTimes): ChainVerdict {
  const verdicts = familiesFor(truth).map((family) => judgeFamily(heard.filter(family.of), family, truth, times));
  return {
    told: verdicts.flatMap(({ told }) => (told === undefined ? [] : [told])),
    problems: [
      ...(times.findingMs === undefined ? [`${truth.rule} never fired`] : []),
      ...verdicts.flatMap(({ problems }) => problems),
    ],
  };
}

function judgeFamily(
  heard: readonly Heard[],
  family: Family,
  { operator }: ChainTruth,
  { faultMs, findingMs }: ChainTimes,
): { readonly told?: Told; readonly problems: readonly string[] } {
  const firing = heard.filter(({ isFiring }) => isFiring);
  const [first] = firing.filter(({ name }) => name === family.alert);
  const others = [...new Set(firing.filter((one) => one !== first).map(({ name, vertex }) => `${name} at ${vertex}`))];
  const wrong = others.map((one) => `${family.name}: also ${one}`);
  if (first === undefined) return { problems: [`${family.name}: ${family.alert} did not come`, ...wrong] };
  const end = heard.find(({ isFiring, name, atMs }) => !isFiring && name === family.alert && atMs > first.atMs);
  const needsFinding = family.limitMs === AFTER_FAULT_MS;
  const told: Told = {
    family: family.name,
    alert: first.name,
    vertex: first.vertex,
    summary: first.summary,
    action: first.action,
    afterFaultSeconds: seconds(first.atMs - faultMs),
    ...(needsFinding && findingMs !== undefined ? { afterFindingSeconds: seconds(first.atMs - findingMs) } : {}),
    ...(end === undefined ? {} : { resolvedAfterFaultSeconds: seconds(end.atMs - faultMs) }),
  };
  const late = first.atMs - faultMs > family.limitMs;
  const lateAfterFinding = needsFinding && findingMs !== undefined && first.atMs - findingMs > AFTER_FINDING_MS;
  return {
    told,
    problems: [
      ...wrong,
      ...(first.atMs < faultMs ? [`${family.name}: told before the fault`] : []),
      ...(late ? [`${family.name}: ${told.afterFaultSeconds} s after the fault`] : []),
      ...(lateAfterFinding ? [`${family.name}: ${told.afterFindingSeconds} s after the finding`] : []),
      ...(isAtOperator(first.vertex, operator) ? [] : [`${family.name}: at ${first.vertex || 'no vertex'}`]),
      ...(first.summary === '' || first.action === '' ? [`${family.name}: without cause or action`] : []),
      ...(end === undefined ? [`${family.name}: not taken back`] : []),
    ],
  };
}

/** The reporter writes every letter but those of names as an underscore: `work____sink:_Writer`. */
const isAtOperator = (vertex: string, operator: string | undefined): boolean =>
  operator === undefined || isOnOperator(vertex, operator) || vertex.split(/_{2,}/).includes(operator);

const seconds = (ms: number): number => Math.round(ms / 1000);
