import { alignIn, type Aligned } from './alignment.js';
import { Failure } from './failure.js';
import { toInt } from './java-arithmetic.js';
import type { AutoscalerOptions } from './options.js';

export interface ScaleInput {
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** 0 where they are not known. */
  readonly sourcePartitions: number;
  readonly shipStrategies: readonly string[];
  readonly factor: number;
  readonly lowerLimit: number;
  readonly upperLimit: number;
}

/**
 * `JobVertexScaler.scale`: current × factor, rounded up, between the limits and max parallelism, then aligned where keys or
 * partitions are shared out.
 *
 * @throws Failure as the code does
 */
export function scale(input: ScaleInput, options: Pick<AutoscalerOptions, 'version' | 'adjustMode'>): Aligned {
  const { parallelism: current, maxParallelism, sourcePartitions, lowerLimit } = input;
  if (lowerLimit > input.upperLimit)
    throw new Failure(
      'IllegalArgumentException',
      'The parallelism lower limitation must not be greater than the parallelism upper limitation.',
    );
  const upperLimit = Math.min(maxParallelism, input.upperLimit);
  const target = Math.min(Math.max(lowerLimit, toInt(Math.ceil(input.factor * current))), upperLimit);
  if (sourcePartitions <= 0 && !input.shipStrategies.includes('HASH')) return { parallelism: target, limited: false };
  const pieces = sourcePartitions <= 0 ? maxParallelism : sourcePartitions;
  return alignIn[options.version]({ current, target, pieces, lowerLimit, upperLimit }, options.adjustMode);
}
