import type { Severity, Snooze } from '../analyzer/engine/finding.js';
import type { Text } from '../analyzer/text.js';
import type { Change } from './changes.js';
import type { SeenFinding } from './facts.js';
import type { FindingTimes } from './finding-times.js';

export interface FindingLine {
  readonly id: string;
  readonly rule: string;
  readonly title: Text;
  /** The worst of the week; of a fixed one, of the week before. */
  readonly severity: Severity;
  readonly basis: SeenFinding['basis'];
  readonly vertexName?: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Time in which it was firing while Weir watched. */
  readonly firingMs: number;
  readonly firingBeforeMs: number;
  readonly openNow: boolean;
  readonly change: Change;
  /** As last seen in each week, where they differ. */
  readonly severityNow?: Severity;
  readonly severityBefore?: Severity;
  /** Somebody put it aside in this week or before. */
  readonly snoozed?: Snooze;
}

/** Explained findings are told by what explains them. */
export function lineOf(
  { now, before }: { readonly now: FindingTimes | undefined; readonly before: FindingTimes | undefined },
  change: Change,
  snooze: Snooze | undefined,
): FindingLine[] {
  const times = now ?? before;
  if (times === undefined || times.seen.isSymptom) return [];
  // What ended in the week before, and was judged too little to be called fixed, is no news of this week.
  if (now === undefined && change !== 'fixed') return [];
  const { id, rule, title, basis, vertexName } = times.seen;
  const parted = now !== undefined && before !== undefined && now.seen.severity !== before.seen.severity;
  return [
    {
      id,
      rule,
      title,
      severity: times.worst,
      basis,
      ...(vertexName === undefined ? {} : { vertexName }),
      firstSeenMs: before?.firstSeenMs ?? times.firstSeenMs,
      lastSeenMs: times.lastSeenMs,
      firingMs: now?.firingMs ?? 0,
      firingBeforeMs: before?.firingMs ?? 0,
      openNow: now?.openAtEnd ?? false,
      change,
      ...(parted ? { severityNow: now.seen.severity, severityBefore: before.seen.severity } : {}),
      ...(snooze === undefined ? {} : { snoozed: snooze }),
    },
  ];
}
