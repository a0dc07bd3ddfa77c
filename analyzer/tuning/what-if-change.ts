import { text, type Text } from '../text.js';
import { MAX_PARALLELISM_HIGHEST } from './key-groups.js';

/** A change as somebody asks about it. */
export interface AskedChange {
  readonly scope: 'vertex' | 'job' | 'taskmanager' | 'jobmanager';
  readonly vertexId?: string;
  readonly key?: string;
  readonly to: string | number;
}

export interface NotPredicted<C extends AskedChange> {
  readonly change: C;
  readonly why: Text;
}

/** A whole number that Flink takes for a parallelism or a number of slots. */
export function wholeNumber(to: string | number): number | undefined {
  const value = typeof to === 'string' && to.trim() === '' ? NaN : Number(to);
  return Number.isInteger(value) && value >= 1 && value <= MAX_PARALLELISM_HIGHEST ? value : undefined;
}

export const NO_WHOLE_NUMBER = text(
  `"to" must be a whole number from 1 to ${MAX_PARALLELISM_HIGHEST}`,
  `"to" 必须是 1 到 ${MAX_PARALLELISM_HIGHEST} 的整数`,
);
