import { keyGroupOf, keyGroupRange, keyGroupsOf, MAX_PARALLELISM_HIGHEST, subtaskOfKeyGroup } from './key-groups.js';
import { defaultMaxParallelism, structuralImbalance } from './key-groups.js';
import { attempt, Refusal, type Attempt } from './values/refusal.js';

/** Who owns which key groups at one parallelism. */
export interface KeyGroupPlan {
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** Key groups of the subtask with the fewest and of the one with the most. */
  readonly minGroups: number;
  readonly maxGroups: number;
  /** The busiest subtask over the average with evenly used key groups. 1 = even. */
  readonly imbalance: number;
  /** `[subtask, first group, last group]`, both groups included. */
  readonly ranges: readonly (readonly [subtask: number, first: number, last: number])[];
}

/** The key groups of every subtask as Flink assigns them, or its refusal. Without a max parallelism: Flink's own for it. */
export function keyGroupPlan(parallelism: number, maxParallelism?: number): Attempt<KeyGroupPlan> {
  return attempt(() => {
    const max = maxParallelism ?? defaultOf(parallelism);
    mustFit(parallelism, max);
    const counts = Array.from({ length: parallelism }, (_, subtask) => keyGroupsOf(subtask, parallelism, max));
    return {
      parallelism,
      maxParallelism: max,
      minGroups: counts.reduce((low, count) => Math.min(low, count)),
      maxGroups: counts.reduce((high, count) => Math.max(high, count)),
      imbalance: structuralImbalance(parallelism, max),
      ranges: counts.map((_, subtask) => [subtask, ...keyGroupRange(subtask, parallelism, max)] as const),
    };
  });
}

/** The key group and the subtask of a key by Java's `hashCode` of it, or Flink's refusal. */
export function ownerOfHash(
  hash: number,
  parallelism: number,
  maxParallelism: number,
): Attempt<{ readonly keyGroup: number; readonly subtask: number }> {
  return attempt(() => {
    mustFit(parallelism, maxParallelism);
    const keyGroup = keyGroupOf(hash, maxParallelism);
    return { keyGroup, subtask: subtaskOfKeyGroup(keyGroup, parallelism, maxParallelism) };
  });
}

function defaultOf(parallelism: number): number {
  mustBeWithin(parallelism);
  return defaultMaxParallelism(parallelism);
}

/** `KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex`: its checks, in its order and words. */
function mustFit(parallelism: number, maxParallelism: number): void {
  mustBeWithin(parallelism);
  mustBeWithin(maxParallelism);
  if (maxParallelism < parallelism)
    throw new Refusal('IllegalArgumentException', 'Maximum parallelism must not be smaller than parallelism.');
}

function mustBeWithin(parallelism: number): void {
  if (parallelism < 1 || parallelism > MAX_PARALLELISM_HIGHEST)
    throw new Refusal('IllegalArgumentException', `Operator parallelism not within bounds: ${parallelism}`);
}

/** Other choices with a more even share than a plan has. */
export interface EvenerChoices {
  /** The nearest parallelisms below and above which divide the max parallelism. State stays usable. */
  readonly parallelisms: readonly number[];
  /** The smallest multiple of the parallelism from the max parallelism on. Keyed state cannot be restored under it. */
  readonly maxParallelism?: number;
}

/** Where the busiest subtask has this much more than its share, another choice is worth a word: as the rule `par-max-not-divisible`. */
export const UNEVEN_FROM = 1.1;

/** Undefined where the plan is even enough already. */
export function evenerChoices({ parallelism, maxParallelism, imbalance }: KeyGroupPlan): EvenerChoices | undefined {
  if (imbalance < UNEVEN_FROM) return undefined;
  const divides = (candidate: number): boolean => maxParallelism % candidate === 0;
  const below = range(parallelism - 1, 1).find(divides);
  const above = range(parallelism + 1, maxParallelism).find(divides);
  const multiple = Math.ceil(maxParallelism / parallelism) * parallelism;
  return {
    parallelisms: [below, above].filter((choice) => choice !== undefined),
    ...(multiple <= MAX_PARALLELISM_HIGHEST ? { maxParallelism: multiple } : {}),
  };
}

function range(from: number, to: number): number[] {
  const step = from <= to ? 1 : -1;
  return (to - from) * step < 0 || from < 1
    ? []
    : Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + i * step);
}
