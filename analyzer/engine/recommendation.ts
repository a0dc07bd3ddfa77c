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
  readonly label: Text;
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
  readonly unit: Unit;
}

/** One change to make, with what it is expected to bring, as a rule advises it. */
export interface Advice {
  readonly kind: RecommendationKind;
  readonly title: Text;
  readonly changes: readonly Change[];
  readonly diffs: Diffs;
  readonly expected: readonly ExpectedEffect[];
  readonly cost: { readonly slots: number; readonly taskManagers: number; readonly memoryBytes: number };
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

export interface Recommendation extends Advice {
  readonly id: string;
  readonly cluster: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly findings: readonly string[];
  readonly state: 'proposed' | 'applied' | 'confirmed' | 'refuted';
}

export const NO_COST: Advice['cost'] = { slots: 0, taskManagers: 0, memoryBytes: 0 };
