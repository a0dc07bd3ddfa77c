import type { SubtaskSample } from '../../collector/model/index.js';

const TIMES = ['busyMs', 'idleMs', 'backPressuredMs'] as const;

/** Growth of an accumulated counter over consecutive samples. Small steps back (1–4 ms were seen) count as 0. */
export function growth(
  samples: readonly SubtaskSample[],
  counter: 'busyMs' | 'idleMs' | 'backPressuredMs' | 'recordsIn' | 'recordsOut' | 'bytesIn' | 'bytesOut',
): number | undefined {
  let before = samples[0]?.[counter];
  if (samples.length < 2 || before === undefined) return undefined;
  let grown = 0;
  for (let i = 1; i < samples.length; i += 1) {
    const value = samples[i]?.[counter];
    if (value === undefined) return undefined;
    if (value > before) grown += value - before;
    before = value;
  }
  return grown;
}

/**
 * Milliseconds that passed between first and last sample by Flink's own clock: busy + idle + backpressured
 * (REST-TRUTH fact 1). Where busy is unknown (legacy sources) the wall clock must do.
 */
export function elapsedMs(samples: readonly SubtaskSample[]): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 2) return undefined;
  let own = 0;
  for (const counter of TIMES) {
    const grown = growth(samples, counter);
    if (grown === undefined) return last.atMs - first.atMs;
    own += grown;
  }
  return own > 0 ? own : last.atMs - first.atMs;
}
