import type { EffectOutcome, ExpectedEffect, Recommendation } from '../recommendation.js';

/** An advice that is followed up: given, then perhaps applied, then held against what it promised. */
export interface Trial {
  readonly advice: Recommendation;
  readonly state: Recommendation['state'];
  readonly firstProposedMs: number;
  readonly lastProposedMs: number;
  /** By `effectKey`, as they were when the advice was last given. */
  readonly before: Readonly<Record<string, number>>;
  readonly appliedMs?: number;
  /** When nothing waited any more. */
  readonly caughtUpMs?: number;
  readonly judgedMs?: number;
  readonly outcomes?: readonly EffectOutcome[];
}

/** Trials of one job by `trialKey`. */
export type Ledger = ReadonlyMap<string, Trial>;

/** Another size under the same advice is another trial. */
export function trialKey({ id, changes }: Pick<Recommendation, 'id' | 'changes'>): string {
  return JSON.stringify([id, ...changes.map(({ scope, vertexId, key, to }) => [scope, vertexId, key, to])]);
}

export function effectKey({ metric, vertexId }: Pick<ExpectedEffect, 'metric' | 'vertexId'>): string {
  return vertexId === undefined ? metric : `${metric}@${vertexId}`;
}
