import type { SignalSet } from '../../signals/signals.js';
import type { ExpectedEffect } from '../recommendation.js';
import { effectKey } from './trial.js';

/** Whether Weir can tell what became of it. */
export function isMeasured({ metric }: Pick<ExpectedEffect, 'metric'>): boolean {
  return MEASURED.has(metric);
}

const MEASURED: ReadonlySet<string> = new Set(['lagSeconds', 'busyRatio', 'recordsInPerSecond']);

/** What an expected effect is now; undefined: it is not told, or no figure of Weir's. */
export function figureNow(
  { metric, vertexId }: Pick<ExpectedEffect, 'metric' | 'vertexId'>,
  signals: SignalSet,
): number | undefined {
  if (metric === 'lagSeconds') {
    const lag = signals.get('lag');
    return lag.ok ? lag.value.lagSeconds : undefined;
  }
  const load = signals.get('load');
  if (!load.ok || vertexId === undefined) return undefined;
  const vertex = load.value.get(vertexId);
  if (metric === 'busyRatio') return vertex?.busyMax;
  return metric === 'recordsInPerSecond' ? vertex?.recordsInPerSecond : undefined;
}

export function figuresNow(expected: readonly ExpectedEffect[], signals: SignalSet): Readonly<Record<string, number>> {
  return Object.fromEntries(
    expected.flatMap((effect) => {
      const now = figureNow(effect, signals);
      return now === undefined ? [] : [[effectKey(effect), now] as const];
    }),
  );
}
