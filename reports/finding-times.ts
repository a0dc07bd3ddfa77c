import { lengthMs, within } from './coverage.js';
import type { FindingMark, JobWeek, SeenFinding, Span } from './facts.js';
import type { Severity } from '../analyzer/engine/finding.js';

/** A finding over one week. */
export interface FindingTimes {
  /** As last seen. */
  readonly seen: SeenFinding;
  /** The worst that was seen. */
  readonly worst: Severity;
  /** Times in which it was firing and somebody watched, within the week. */
  readonly firing: readonly Span[];
  readonly firingMs: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Firing when the week, or what is known of it, ended; when that was. */
  readonly openAtEnd: boolean;
  readonly endMs: number;
}

const WEIGHT: Readonly<Record<Severity, number>> = { info: 1, warning: 2, critical: 3 };

/**
 * Brings together what opened and ended, and what the moments show: a moment without a finding ends it, although nobody
 * wrote its end down (Weir was stopped meanwhile). `range` ends at what is known.
 */
export function findingTimes(week: JobWeek, range: Span): ReadonlyMap<string, FindingTimes> {
  const marks = marksOf(week, range);
  const details = detailsOf(week);
  const watched = within(week.watched, range);
  const times = new Map<string, FindingTimes>();
  for (const [id, own] of marks) {
    const of = details.get(id);
    if (of === undefined) continue;
    const spans = firingSpans(own, range);
    const firing = spans.flatMap((span) => within(watched, span));
    const first = firing[0];
    const last = firing.at(-1);
    if (first === undefined || last === undefined) continue;
    times.set(id, {
      seen: of.seen,
      worst: of.worst,
      firing,
      firingMs: lengthMs(firing),
      firstSeenMs: first.fromMs,
      lastSeenMs: last.toMs,
      openAtEnd: own.at(-1)?.firing === true,
      endMs: range.toMs,
    });
  }
  return times;
}

interface Mark extends FindingMark {
  readonly isEvent: boolean;
}

function marksOf({ marks, moments }: JobWeek, range: Span): ReadonlyMap<string, readonly FindingMark[]> {
  const byId = new Map<string, Mark[]>();
  const ofId = (id: string): Mark[] => {
    const own = byId.get(id) ?? [];
    byId.set(id, own);
    return own;
  };
  for (const mark of marks) ofId(mark.id).push({ ...mark, isEvent: true });
  for (const { findings } of moments) for (const { id } of findings) ofId(id);
  for (const { atMs, findings } of moments) {
    const firing = new Set(findings.map(({ id }) => id));
    for (const [id, own] of byId) own.push({ id, atMs, firing: firing.has(id), isEvent: false });
  }
  return new Map([...byId].map(([id, own]) => [id, fromTheStart(id, own, range)]));
}

/** What a moment shows first of all, or what ends before it began, was there when the week began: else it had opened. */
function fromTheStart(id: string, marks: readonly Mark[], range: Span): readonly FindingMark[] {
  const ordered = [...marks].sort((a, b) => a.atMs - b.atMs || Number(b.isEvent) - Number(a.isEvent));
  const first = ordered[0];
  const wasThere = first !== undefined && first.isEvent !== first.firing;
  return wasThere ? [{ id, atMs: Math.min(range.fromMs, first.atMs), firing: true }, ...ordered] : ordered;
}

/** A mark holds until the next one. */
function firingSpans(marks: readonly FindingMark[], range: Span): readonly Span[] {
  const spans: Span[] = [];
  marks.forEach(({ atMs, firing }, i) => {
    if (firing) spans.push({ fromMs: atMs, toMs: marks[i + 1]?.atMs ?? range.toMs });
  });
  return within(joinedTouching(spans), range);
}

function joinedTouching(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last !== undefined && span.fromMs <= last.toMs) result[result.length - 1] = { ...last, toMs: span.toMs };
    else result.push(span);
  }
  return result;
}

function detailsOf({ moments, shortLived }: JobWeek): Map<string, { seen: SeenFinding; worst: Severity }> {
  const details = new Map<string, { seen: SeenFinding; worst: Severity }>();
  const seenAll = [...shortLived.values(), ...moments.flatMap(({ findings }) => findings)];
  for (const seen of seenAll) {
    const worst = details.get(seen.id)?.worst ?? seen.severity;
    details.set(seen.id, { seen, worst: WEIGHT[seen.severity] > WEIGHT[worst] ? seen.severity : worst });
  }
  return details;
}
