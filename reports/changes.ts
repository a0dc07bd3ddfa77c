import type { Severity, Snooze } from '../analyzer/engine/finding.js';
import { SEVERITIES } from '../analyzer/engine/finding.js';
import { lengthMs, within } from './coverage.js';
import type { JobWeek, Span } from './facts.js';
import type { FindingTimes } from './finding-times.js';

/**
 * What became of a finding since the week before. `passed`: it came and went within the week. `unjudged`: one of the two
 * weeks was watched too little to compare them.
 */
export const CHANGES = ['new', 'worse', 'open', 'better', 'snoozed', 'fixed', 'passed', 'unjudged'] as const;
export type Change = (typeof CHANGES)[number];

/** A finding that was quiet for so long at the end of the week is over: what a daily peak brings comes back within a day. */
export const QUIET_MS = 24 * 3_600_000;
/** It fires so many times as often as before, and at least so much more of the time: less is the weather of a week. */
const RATE_FACTOR = 1.5;
const RATE_STEP = 0.05;

export interface Compared {
  readonly now: FindingTimes | undefined;
  readonly before: FindingTimes | undefined;
  readonly weekNow: JobWeek;
  readonly weekBefore: JobWeek | undefined;
  readonly range: Span;
  readonly rangeBefore: Span;
  readonly snooze: Snooze | undefined;
  readonly isJudged: boolean;
  readonly isBeforeJudged: boolean;
}

export function changeOf(finding: Compared): Change {
  const { now, before, range, snooze } = finding;
  const isOver = isOverBy(now ?? before, range.toMs);
  if (!isOver && snooze !== undefined && snooze.untilMs > range.toMs) return 'snoozed';
  if (!finding.isJudged) return 'unjudged';
  if (before === undefined) {
    if (!finding.isBeforeJudged) return 'unjudged';
    return isOver ? 'passed' : 'new';
  }
  if (isOver) return 'fixed';
  // Quiet since Monday, and Monday was a moment ago.
  if (now === undefined) return 'unjudged';
  return (
    bySeverity(before.seen.severity, now.seen.severity) ??
    byRate(
      rateSinceFirst(before, finding.weekBefore, finding.rangeBefore),
      rateSinceFirst(now, finding.weekNow, finding.range),
    )
  );
}

/** A finding that fires every night is not fixed in the evening. */
function isOverBy(times: FindingTimes | undefined, endMs: number): boolean {
  if (times === undefined) return true;
  return endMs - times.lastSeenMs >= QUIET_MS && !(times.openAtEnd && times.endMs === endMs);
}

function bySeverity(before: Severity, now: Severity): Change | undefined {
  const step = SEVERITIES.indexOf(now) - SEVERITIES.indexOf(before);
  return step === 0 ? undefined : step > 0 ? 'worse' : 'better';
}

function byRate(before: number, now: number): Change {
  if (now - before >= RATE_STEP && now >= before * RATE_FACTOR) return 'worse';
  if (before - now >= RATE_STEP && before >= now * RATE_FACTOR) return 'better';
  return 'open';
}

/** Share of the watched time since it was first there: one that began on Saturday and stayed is not worse on Monday. */
function rateSinceFirst(times: FindingTimes, week: JobWeek | undefined, range: Span): number {
  const watchedMs = lengthMs(within(week?.watched ?? [], { fromMs: times.firstSeenMs, toMs: range.toMs }));
  return watchedMs === 0 ? 0 : times.firingMs / watchedMs;
}
