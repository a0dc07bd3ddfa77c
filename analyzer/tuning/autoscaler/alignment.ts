import { divide, remainder } from './java-arithmetic.js';
import type { AutoscalerOptions, AutoscalerVersion } from './options.js';

/** What `JobVertexScaler.scale` aligns: a target already within its limits, to the number of key groups or source partitions. */
export interface Unaligned {
  readonly current: number;
  readonly target: number;
  /** Key groups (max parallelism), or the source's partitions where these are known. */
  readonly pieces: number;
  readonly lowerLimit: number;
  readonly upperLimit: number;
}

/** `limited`: the event `ScalingLimited` is sent. */
export interface Aligned {
  readonly parallelism: number;
  readonly limited: boolean;
}

type Align = (unaligned: Unaligned, mode: AutoscalerOptions['adjustMode']) => Aligned;

export const alignIn: Readonly<Record<AutoscalerVersion, Align>> = {
  '1.10.0': alignAlwaysUp,
  '1.15.0': alignInDirection,
};

/**
 * 1.10.0: up to the next divisor, also where this turns a scale-down into a scale-up. Targets in the lower half look no
 * further than the half, as no divisor lies between it and the whole.
 */
function alignAlwaysUp({ target, pieces, lowerLimit, upperLimit }: Unaligned): Aligned {
  const half = divide(pieces, 2);
  const highest = Math.min(target > half ? pieces : half, upperLimit);
  for (let parallelism = target; parallelism <= highest; parallelism += 1)
    if (remainder(pieces, parallelism) === 0) return { parallelism, limited: false };
  return { parallelism: Math.max(stepDown(target, pieces), lowerLimit), limited: true };
}

/** 1.15.0: a scale-down looks up to the current parallelism only, and what would turn the direction stays as it is. */
function alignInDirection(
  { current, target, pieces, lowerLimit, upperLimit }: Unaligned,
  mode: AutoscalerOptions['adjustMode'],
): Aligned {
  if (target === current) return { parallelism: target, limited: false };
  const grows = target > current;
  const highest = Math.min(pieces, upperLimit, grows ? Infinity : current);
  for (let parallelism = target; parallelism <= highest; parallelism += 1) {
    const lightens = mode === 'MAXIMIZE_UTILISATION' && divide(pieces, parallelism) < divide(pieces, target);
    if (remainder(pieces, parallelism) === 0 || lightens) return { parallelism, limited: false };
  }
  const parallelism = Math.max(stepDown(target, pieces), lowerLimit);
  if (grows ? parallelism <= current : parallelism >= current) return { parallelism: current, limited: true };
  return { parallelism, limited: parallelism !== target };
}

/**
 * The second loop of `JobVertexScaler.scale`: down to where a subtask would get one more piece (in whole pieces, cut), and
 * from there one up again unless it divides. 0 where there is no such place.
 */
function stepDown(target: number, pieces: number): number {
  for (let parallelism = target; parallelism > 0; parallelism -= 1)
    if (divide(pieces, parallelism) > divide(pieces, target))
      return remainder(pieces, parallelism) === 0 ? parallelism : parallelism + 1;
  return Math.min(target, 0);
}
