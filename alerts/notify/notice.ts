import type { Severity } from '../../analyzer/engine/finding.js';
import type { Language } from '../../analyzer/text.js';

/**
 * `opened`: causes that were not told before; `reminder`: those that still stand; `many-jobs`: causes in so many jobs of one cluster that one
 * message says so; `digest`: messages that a channel was too slow for, in one.
 */
export type NoticeKind =
  'opened' | 'reminder' | 'resolved' | 'many-jobs' | 'cluster-unknown' | 'cluster-back' | 'digest' | 'test';

/** One cause in the words of one language. Times are epoch milliseconds. */
export interface NoticeItem {
  readonly findingId: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly cluster: string;
  readonly jobName: string;
  readonly jobId: string;
  /** Exactly Flink's name; missing where the cause is not in one vertex. */
  readonly vertex?: string;
  readonly title: string;
  readonly summary: string;
  /** One or two lines. */
  readonly evidence: readonly string[];
  /** The first thing to do; `diff` only where it is short. */
  readonly action?: { readonly title: string; readonly diff?: string };
  /** The job's page as of that moment. */
  readonly link?: string;
  /** The rule's page. */
  readonly runbook?: string;
  readonly firstSeenMs: number;
  readonly resolvedMs?: number;
}

/** What one message says, before any channel has given it a shape. It is kept as JSON, so it holds plain data only. */
export interface Notice {
  /** Unique over restarts. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly route: string;
  readonly language: Language;
  readonly atMs: number;
  /** The worst of what it tells. */
  readonly severity: Severity;
  readonly cluster?: string;
  readonly owner?: string;
  /** Where all items are of one job. */
  readonly jobName?: string;
  readonly headline: string;
  /** Worst first, {@link MAX_ITEMS} at most. */
  readonly items: readonly NoticeItem[];
  /** How many more there are. */
  readonly more: number;
  /** Ids of earlier notices that this one ends or reminds of: mail threads by them. */
  readonly follows: readonly string[];
  readonly link?: string;
}

/** More would not be read; the link leads to the rest. */
export const MAX_ITEMS = 10;
