import { keyGroupOf, subtaskOfKeyGroup } from '../../analyzer/tuning/key-groups.js';
import type { KeySpec } from './spec.js';

/** Share of the records that each subtask gets, by Flink's own hash of Integer keys 0 … count − 1. */
export function keyShares(keys: KeySpec, parallelism: number, maxParallelism: number): readonly number[] {
  const shares = new Array<number>(parallelism).fill(0);
  const common = (keys.kind === 'hot' ? 1 - keys.share : 1) / keys.count;
  for (let key = 0; key < keys.count; key += 1) {
    const subtask = subtaskOfKeyGroup(keyGroupOf(key, maxParallelism), parallelism, maxParallelism);
    const share = keys.kind === 'hot' && key === HOT_KEY ? common + keys.share : common;
    shares[subtask] = (shares[subtask] ?? 0) + share;
  }
  return shares;
}

/** Which of the keys is the hot one, where one is. */
export const HOT_KEY = 7;
