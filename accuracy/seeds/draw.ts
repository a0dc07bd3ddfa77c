import { createNoise } from '../../sim/model/random.js';

/** Numbers of one seed, one after the other: the same seed draws the same job again. */
export interface Draw {
  uniform(low: number, high: number): number;
  /** Small ones as likely as large ones, by order of magnitude. */
  logUniform(low: number, high: number): number;
  /** Both ends included. */
  int(low: number, high: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** Of another kind the same seed is another job. */
export function createDraw(seed: number, kind: string): Draw {
  const next = createNoise(Math.imul(seed + 1, 0x9e3779b1) ^ hashOf(kind));
  const uniform = (low: number, high: number): number => low + (high - low) * next();
  return {
    uniform,
    logUniform: (low, high) => Math.exp(uniform(Math.log(low), Math.log(high))),
    int: (low, high) => Math.floor(uniform(low, high + 1)),
    chance: (share) => next() < share,
    pick<T>(from: readonly T[]): T {
      const one = from[Math.min(from.length - 1, Math.floor(next() * from.length))];
      if (one === undefined) throw new Error('there is nothing to pick from');
      return one;
    },
  };
}

/** FNV-1a, 32 bits. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i += 1) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash;
}
