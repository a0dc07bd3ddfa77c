import { findingId, type Finding } from './finding.js';
import type { AnyRule, Outcome } from './rule.js';

/** A verdict opens after this many consecutive distinct readings, over at least this time (DESIGN §7). */
export const OPEN_READINGS = 3;
export const OPEN_MS = 30_000;
/** It closes when this many consecutive readings say otherwise: longer than opening, so that nothing flaps. */
export const CLOSE_READINGS = 4;
export const CLOSE_MS = 45_000;
/** While a rule cannot judge (a restart, say) a firing finding is held this long, then it ends. */
export const HOLD_MS = 180_000;
/** Resolved findings are kept this long for the pages. */
export const RESOLVED_KEPT_MS = 1_800_000;

/** The life of one finding: a small record that goes from beat to beat. */
export interface Life {
  readonly id: string;
  readonly finding: Finding;
  readonly state: 'pending' | 'firing' | 'resolved';
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly resolvedMs?: number;
  /** Consecutive readings that agree with the direction it moves in. */
  readonly readings: number;
  readonly lastReadingMs: number;
}
export type Lives = ReadonlyMap<string, Life>;

export interface Beat {
  readonly cluster: string;
  readonly jobName: string;
  readonly nowMs: number;
  /** Time of the newest reading: a beat without a new one changes nothing but time-outs. */
  readonly readingMs: number;
}

/** Moves every finding one beat on: pending → firing → resolved, with hysteresis. Pure. */
export function advance(lives: Lives, outcomes: readonly Outcome[], rules: readonly AnyRule[], beat: Beat): Lives {
  const seen = new Map<string, Finding>();
  const judged = new Set<string>();
  for (const outcome of outcomes) {
    if (outcome.status === 'clear' || outcome.status === 'findings') judged.add(outcome.rule);
    if (outcome.status !== 'findings') continue;
    for (const finding of outcome.findings) {
      seen.set(findingId(beat.cluster, beat.jobName, finding.rule, finding.subject), finding);
    }
  }
  const next = new Map<string, Life>();
  for (const [id, finding] of seen) next.set(id, agree(lives.get(id), id, finding, opensAtOnce(rules, finding), beat));
  for (const [id, life] of lives) {
    if (seen.has(id)) continue;
    const kept = judged.has(life.finding.rule) ? disagree(life, beat) : hold(life, beat);
    if (kept !== undefined) next.set(id, kept);
  }
  return next;
}

function opensAtOnce(rules: readonly AnyRule[], finding: Finding): boolean {
  return rules.find((rule) => rule.id === finding.rule)?.opens === 'at-once';
}

function agree(before: Life | undefined, id: string, finding: Finding, atOnce: boolean, beat: Beat): Life {
  const fresh = before === undefined || before.state === 'resolved';
  const newReading = fresh || beat.readingMs > before.lastReadingMs;
  const closing = !fresh && before.state === 'firing';
  const readings = fresh ? 1 : closing ? 0 : before.readings + (newReading ? 1 : 0);
  const firstSeenMs = fresh ? beat.nowMs : before.firstSeenMs;
  const open = closing || atOnce || (readings >= OPEN_READINGS && beat.nowMs - firstSeenMs >= OPEN_MS);
  return {
    id,
    finding,
    state: open ? 'firing' : 'pending',
    firstSeenMs,
    lastSeenMs: beat.nowMs,
    readings: open ? 0 : readings,
    lastReadingMs: beat.readingMs,
  };
}

function disagree(life: Life, beat: Beat): Life | undefined {
  if (life.state === 'pending') return undefined;
  if (life.state === 'resolved') return expired(life, beat) ? undefined : life;
  const readings = life.readings + (beat.readingMs > life.lastReadingMs ? 1 : 0);
  const closed = readings >= CLOSE_READINGS && beat.nowMs - life.lastSeenMs >= CLOSE_MS;
  return closed
    ? { ...life, state: 'resolved', resolvedMs: beat.nowMs, readings: 0, lastReadingMs: beat.readingMs }
    : { ...life, readings, lastReadingMs: beat.readingMs };
}

function hold(life: Life, beat: Beat): Life | undefined {
  if (life.state === 'pending') return undefined;
  if (life.state === 'resolved') return expired(life, beat) ? undefined : life;
  return beat.nowMs - life.lastSeenMs < HOLD_MS
    ? life
    : { ...life, state: 'resolved', resolvedMs: beat.nowMs, readings: 0 };
}

function expired(life: Life, beat: Beat): boolean {
  return beat.nowMs - (life.resolvedMs ?? beat.nowMs) > RESOLVED_KEPT_MS;
}
