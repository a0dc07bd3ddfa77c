import type { Text } from '../text.js';
import type { Unit } from './finding.js';

export type RecommendationKind =
  'parallelism' | 'slots' | 'memory' | 'checkpoint' | 'network' | 'state' | 'source' | 'sink' | 'code' | 'config';

export interface Change {
  readonly scope: 'vertex' | 'job' | 'taskmanager' | 'jobmanager';
  readonly vertexId?: string;
  readonly vertexName?: string;
  /** Flink's option key, where the change is an option. */
  readonly key?: string;
  /** `null`: not set today (Flink's default holds). */
  readonly from: string | number | null;
  readonly to: string | number;
  readonly unit: string;
}

export type Dialect = 'config.yaml' | 'flink-conf.yaml' | 'FlinkDeployment' | 'cli' | 'sql' | 'rest';
export type Diffs = Readonly<Partial<Record<Dialect, string>>>;

export interface ExpectedEffect {
  readonly metric: string;
  /** Whose it is; missing: the job's. */
  readonly vertexId?: string;
  readonly label: Text;
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
  readonly unit: Unit;
  /** How long after the change it is so, and the bounds of that; missing: at once. */
  readonly afterMs?: number;
  readonly afterLowMs?: number;
  readonly afterHighMs?: number;
}

/** What a change adds; less than nothing is freed. */
export interface AdviceCost {
  readonly slots: number;
  readonly taskManagers: number;
  readonly memoryBytes: number;
  /** In a week, in `currency` (ISO 4217), where prices are configured. */
  readonly money?: number;
  readonly currency?: string;
}

/** One change to make, with what it is expected to bring, as a rule advises it. */
export interface Advice {
  readonly kind: RecommendationKind;
  readonly title: Text;
  readonly changes: readonly Change[];
  readonly diffs: Diffs;
  readonly expected: readonly ExpectedEffect[];
  readonly cost: AdviceCost;
  readonly prerequisites: readonly Text[];
  readonly risk: {
    readonly restart: 'none' | 'job' | 'savepoint' | 'cluster';
    readonly stateLoss: boolean;
    readonly note: Text;
  };
  readonly verify: readonly {
    readonly metric: string;
    readonly label: Text;
    readonly comparison: '>=' | '<=' | '>' | '<' | '=';
    readonly target: number;
    readonly unit: Unit;
  }[];
  readonly rejected: readonly { readonly alternative: Text; readonly why: Text }[];
  readonly confidence: number;
  readonly sources: readonly string[];
}

/** What one expected effect was when the change was made, and what it became. */
export interface EffectOutcome extends Pick<ExpectedEffect, 'metric' | 'vertexId' | 'to' | 'low' | 'high'> {
  /** As measured when the advice was last given; missing: not told then. */
  readonly before?: number;
  readonly seen: number;
  readonly isWithin: boolean;
  /** How long it took, for an effect that takes time; missing: not over yet. */
  readonly seenAfterMs?: number;
  readonly isTimeWithin?: boolean;
}

export interface Recommendation extends Advice {
  readonly id: string;
  readonly cluster: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly findings: readonly string[];
  readonly state: 'proposed' | 'applied' | 'confirmed' | 'refuted';
  /** When Flink first showed the change; missing: nobody has made it. */
  readonly appliedMs?: number;
  readonly judgedMs?: number;
  /** Of an advice that was applied, once it can be told. */
  readonly outcomes?: readonly EffectOutcome[];
}

export const NO_COST: Advice['cost'] = { slots: 0, taskManagers: 0, memoryBytes: 0 };
