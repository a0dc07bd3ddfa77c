import type { ReadFailureKind } from './model/index.js';

export type RequestOutcome = 'ok' | ReadFailureKind;

/** What the collector tells `/metrics` about its own cost. Every method may be called often: keep them cheap, never throw. */
export interface CollectorObserver {
  /** One HTTP request to a cluster; `endpoint` is the path pattern (`/jobs/:jobid`), never a path with ids. */
  onRequest?(cluster: string, endpoint: string, outcome: RequestOutcome, seconds: number): void;
  /** One whole round of a cluster. */
  onCycle?(cluster: string, seconds: number): void;
  /** How late a round began. */
  onLag?(cluster: string, seconds: number): void;
}
