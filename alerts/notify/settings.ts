import type { Severity } from '../../analyzer/engine/finding.js';
import type { Language } from '../../analyzer/text.js';

export type ChannelKind = 'slack' | 'dingtalk' | 'feishu' | 'wecom' | 'mail' | 'webhook' | 'alertmanager';

/** Hours in which a route keeps still, in its own time zone. From 22:00 to 07:00 goes over midnight. */
export interface QuietHours {
  /** Minutes since midnight, 0–1439. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** IANA name. */
  readonly timeZone: string;
  /** Criticals do not wait. */
  readonly criticalPasses: boolean;
}

/** What a route takes; a list that is missing takes all. */
export interface Match {
  readonly owners?: readonly string[];
  readonly clusters?: readonly string[];
  /** Globs on the job's name: `*` any text, `?` one character. */
  readonly jobs?: readonly string[];
  readonly severity: Exclude<Severity, 'info'>;
}

export interface Route {
  readonly name: string;
  /** Names of channels. */
  readonly channels: readonly string[];
  readonly match: Match;
  /** Later routes are asked even when this one matches. */
  readonly goesOn: boolean;
  readonly language: Language;
  /** How long a first cause waits for others of its cluster. */
  readonly groupWaitMs: number;
  readonly repeatMs: number;
  /** Whether it tells when something has ended. */
  readonly tellsResolved: boolean;
  readonly quietHours?: QuietHours;
}

/** Causes in so many jobs of one cluster at once have one cause outside them more often than not: one message says so. */
export const MANY_JOBS = 5;
/** What follows such a message within this time is of the same trouble: it gathers longer, and comes in one message again. */
export const STORM_MS = 600_000;
export const STORM_WAIT_MS = 120_000;
/** A cluster that cannot be read for this long is told: a JobManager's failover takes less. */
export const UNKNOWN_MS = 120_000;
/** A finding that no reading shows any more has ended, though nobody saw it end: the job went, or Weir was away. */
export const ABSENT_MS = 180_000;
/** Causes kept in mind; more are counted and not told. */
export const MAX_ENTRIES = 20_000;
/** What was told of a cluster that nobody watches any more is forgotten after this. */
export const FORGOTTEN_MS = 86_400_000;
