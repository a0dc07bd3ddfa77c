import type { FlinkConfig } from './flink/config.js';
import type { GraphNode } from './graph.js';

/** A job with a known fault, or with none, and what a diagnosis should say about it. */
export interface Scenario {
  id: string;
  title: string;
  /** Id in the catalogue of labelled scenarios whose construction it follows. */
  like?: string;
  /** The last release line that has what it needs. */
  untilLine?: string;
  cluster?: {
    taskManagers?: number;
    slotsPerTaskManager?: number;
    taskManagerMemory?: string;
    taskManagerJvmOptions?: readonly string[];
  };
  config?: FlinkConfig;
  graph: readonly GraphNode[];
  maxParallelism?: number;
  /** Times count from the moment all tasks run. */
  actions?: readonly Action[];
  /** How long the job is looked at, where the fault takes longer to show than three minutes. */
  lookSeconds?: number;
  /** The construction keeps the tasks from ever running all at once. */
  neverRuns?: true;
  /** CPU and garbage collection cannot share a machine; waiting can. */
  alone?: true;
  /** The rule that would name it is not in the rule book yet: played only when asked for by name. */
  planned?: true;
  expect: Expectation;
}

export type Action =
  | { atS: number; do: 'kill-taskmanager'; index: number }
  | { atS: number; do: 'start-taskmanager' }
  /** The vertex of that operator, in place: the adaptive scheduler can. */
  | { atS: number; do: 'rescale'; operator: string; to: number }
  /** Stopped with a savepoint, and started again from it as that graph: what a person does on purpose. */
  | { atS: number; do: 'redeploy'; graph: readonly GraphNode[] }
  /** From then on it gets that share of its time, as on a machine that others use up. */
  | { atS: number; do: 'starve-taskmanager'; index: number; share: number };

export interface Expectation {
  /** The root cause that must be named; undefined for a healthy job. */
  rule?: string;
  /** The operator whose vertex is to blame; the vertex's own name depends on chaining and version. */
  operator?: string;
  subtasks?: readonly number[];
  /** Must be reported, as consequences of the root. */
  symptoms?: readonly string[];
  /** Must never be a firing root with severity warning or above; any other measured root is a failure anyway. */
  mustNot?: readonly string[];
  /** Measured roots that are true as well, beside the expected one. */
  alsoTrue?: readonly string[];
  /** An action cures it: whoever looks at the end finds nothing any more. */
  cured?: true;
  /** Whether advice to raise parallelism belongs in the answer; undefined: not checked. */
  parallelismHelps?: boolean;
}
