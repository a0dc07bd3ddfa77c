import { LAG_MIN_SECONDS } from '../../signals/lag.js';
import type { SignalSet } from '../../signals/signals.js';
import type { EffectOutcome, ExpectedEffect } from '../recommendation.js';
import { figureNow } from './figures.js';
import { effectKey, type Trial } from './trial.js';

const MINUTE_MS = 60_000;
/** The load window (60 s) holds readings of before the change and of the standstill until then. */
const SETTLE_MS = 2 * MINUTE_MS;
/** After this and the promised time an effect that cannot be told is left open for good. */
const GIVE_UP_MS = 30 * MINUTE_MS;
/** An improvement of which less than this came is none (autoscaler: ineffective below 0.1; half of that which is within noise). */
const GAIN_MIN_SHARE = 0.25;
/** A price that is a tenth higher than the highest that was said. */
const PRICE_OVER = 0.1;
const LOWER_IS_BETTER: ReadonlySet<string> = new Set(['busyRatio', 'lagSeconds']);

export interface Judged {
  readonly state: 'confirmed' | 'refuted';
  readonly outcomes: readonly EffectOutcome[];
}

/** What came of an applied change; undefined: too early to tell, or nothing that is measured was promised. */
export function outcomeOf(trial: Trial, appliedMs: number, signals: SignalSet, nowMs: number): Judged | undefined {
  const { expected } = trial.advice;
  const sinceMs = nowMs - appliedMs;
  if (sinceMs < SETTLE_MS || nowMs > judgedUntilMs(trial, appliedMs)) return undefined;
  const lag = signals.get('lag');
  const phase = lag.ok ? lag.value.phase : 'unknown';
  // While a backlog is worked off the vertex is as busy as can be, which says nothing of the time after.
  if (phase === 'catching-up' || (phase === 'unknown' && sinceMs < 2 * SETTLE_MS)) return undefined;
  if (isWorkingOff(signals)) return undefined;
  const outcomes = expected.flatMap((effect) => outcomeOfEffect(effect, trial, signals, appliedMs));
  if (outcomes.length === 0) return undefined;
  const isServed = lag.ok && (lag.value.lagSeconds ?? Infinity) < LAG_MIN_SECONDS;
  const isBad = outcomes.some((outcome, i) => isRefuting(outcome, isServed, expected[i]?.from));
  return { state: isBad || phase === 'growing' ? 'refuted' : 'confirmed', outcomes };
}

/** What waits in buffers shows in no lag. */
export function isWorkingOff(signals: SignalSet): boolean {
  const bottlenecks = signals.get('bottlenecks');
  return bottlenecks.ok && bottlenecks.value.some((bottleneck) => bottleneck.isWorkingOff);
}

/** An advice that cannot be judged by then is not any more. */
export function judgedUntilMs({ advice }: Pick<Trial, 'advice'>, appliedMs: number): number {
  return appliedMs + Math.max(0, ...advice.expected.map(({ afterHighMs = 0 }) => afterHighMs)) + GIVE_UP_MS;
}

function outcomeOfEffect(
  effect: ExpectedEffect,
  { before, caughtUpMs }: Trial,
  signals: SignalSet,
  appliedMs: number,
): readonly EffectOutcome[] {
  const seen = figureNow(effect, signals);
  if (seen === undefined) return [];
  const { metric, vertexId, to, low, high, afterLowMs = 0, afterHighMs } = effect;
  const was = before[effectKey(effect)];
  const seenAfterMs = afterHighMs === undefined || caughtUpMs === undefined ? undefined : caughtUpMs - appliedMs;
  const slack = metric === 'lagSeconds' ? LAG_MIN_SECONDS : 0;
  return [
    {
      metric,
      ...(vertexId === undefined ? {} : { vertexId }),
      to,
      low,
      high,
      ...(was === undefined ? {} : { before: was }),
      seen,
      isWithin: seen >= low - slack && seen <= high + slack,
      ...(seenAfterMs === undefined
        ? {}
        : { seenAfterMs, isTimeWithin: seenAfterMs >= afterLowMs && seenAfterMs <= (afterHighMs ?? Infinity) }),
    },
  ];
}

/** `from`: as promised, where it was not measured. */
function isRefuting({ metric, before, to, high, seen }: EffectOutcome, isServed: boolean, from = 0): boolean {
  const was = before ?? from;
  const isGain = LOWER_IS_BETTER.has(metric) ? to < was : to > was;
  if (!isGain) return LOWER_IS_BETTER.has(metric) && seen > high + PRICE_OVER;
  // All that arrives is served: fewer records than were promised came in.
  if (metric === 'recordsInPerSecond' && isServed) return false;
  return (seen - was) / (to - was) < GAIN_MIN_SHARE;
}
