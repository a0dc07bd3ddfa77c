import type { Span } from './facts.js';

/** Under this share of the week a job gets no verdict: what happened meanwhile could outweigh what was seen. */
export const MIN_COVERED_RATIO = 0.7;
const HOUR_MS = 3_600_000;

/** Spans in order, overlapping and touching ones as one. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const ordered = [...spans].filter(({ fromMs, toMs }) => toMs > fromMs).sort((a, b) => a.fromMs - b.fromMs);
  const result: Span[] = [];
  for (const span of ordered) {
    const last = result.at(-1);
    if (last === undefined || span.fromMs > last.toMs) result.push(span);
    else result[result.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
  }
  return result;
}

/** The parts of `spans` that lie within. */
export function within(spans: readonly Span[], { fromMs, toMs }: Span): readonly Span[] {
  return spans
    .map((span) => ({ fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(span.toMs, toMs) }))
    .filter((span) => span.toMs > span.fromMs);
}

export function lengthMs(spans: readonly Span[]): number {
  return joined(spans).reduce((total, { fromMs, toMs }) => total + toMs - fromMs, 0);
}

/** Hours of `range`, each from a full hour on, in which nothing was read; neighbours as one. */
export function hoursWithoutData(watched: readonly Span[], range: Span): readonly Span[] {
  const gaps: Span[] = [];
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += HOUR_MS) {
    const hour = { fromMs, toMs: Math.min(fromMs + HOUR_MS, range.toMs) };
    if (within(watched, hour).length === 0) gaps.push(hour);
  }
  return joined(gaps);
}
