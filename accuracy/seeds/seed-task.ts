import type { Verdict } from '../trace.js';
import { FAULT_KINDS } from './kinds.js';
import { playFault } from './play-fault.js';
import { playHealthyDay } from './play-healthy.js';

/** One seed of one kind of fault, or of a job that is well for a day. */
export interface SeedTask {
  readonly kind: string;
  readonly seed: number;
}

export const HEALTHY = 'healthy';

/** `firstSeed`: where the numbers begin, so that a long play can be divided. */
export function seedTasks(seedsPerKind: number, jobDays: number, firstSeed = 0): readonly SeedTask[] {
  const of = (kind: string, count: number): SeedTask[] =>
    Array.from({ length: count }, (_, i) => ({ kind, seed: firstSeed + i }));
  return [...FAULT_KINDS.flatMap(({ id }) => of(id, seedsPerKind)), ...of(HEALTHY, jobDays)];
}

export function playSeed({ kind: id, seed }: SeedTask): Promise<Verdict> {
  const kind = FAULT_KINDS.find((one) => one.id === id);
  if (kind !== undefined) return playFault(kind, seed);
  if (id === HEALTHY) return playHealthyDay(seed);
  return Promise.reject(new Error(`there is no kind of fault "${id}"`));
}
