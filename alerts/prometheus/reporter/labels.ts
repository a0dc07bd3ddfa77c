/** What the labels of Flink's series are called once Prometheus has them. */
export interface ReporterLabels {
  /** Labels that tell clusters apart; each series of JobManagers and TaskManagers must carry them. May be none. */
  readonly cluster: readonly string[];
  readonly job: string;
  readonly task: string;
  readonly subtask: string;
  readonly taskManager: string;
  readonly operator: string;
}

/** As the reporter writes them (`PrometheusReporter`, scope variables of Flink). */
const PLAIN: ReporterLabels = {
  cluster: [],
  job: 'job_name',
  task: 'task_name',
  subtask: 'subtask_index',
  taskManager: 'tm_id',
  operator: 'operator_name',
};

export const LABEL_SCHEMES = {
  plain: PLAIN,
  /** Pods found by Prometheus, with their namespace and name copied into labels by relabelling. */
  kubernetes: { ...PLAIN, cluster: ['namespace'], taskManager: 'pod' },
} as const satisfies Readonly<Record<string, ReporterLabels>>;

export type LabelSchemeName = keyof typeof LABEL_SCHEMES;

/** Lists of labels as PromQL has them after `by` and `on`, and as alerts show them. */
export interface Names {
  readonly labels: ReporterLabels;
  readonly cluster: string;
  readonly job: string;
  readonly vertex: string;
  readonly subtask: string;
  /** A TaskManager of a cluster. */
  readonly taskManager: string;
  /** A job on a TaskManager. */
  readonly jobOnTaskManager: string;
  /** `{{ $labels.job_name }}`, with the cluster where there is a label for it. */
  readonly jobText: string;
  readonly vertexText: string;
  readonly taskManagerText: string;
}

export function namesOf(labels: ReporterLabels): Names {
  const { cluster, job, task, subtask, taskManager } = labels;
  const list = (...names: readonly string[]): string => [...new Set([...cluster, ...names])].join(', ');
  const shown = (label: string): string => `{{ $labels.${label} }}`;
  return {
    labels,
    cluster: list(),
    job: list(job),
    vertex: list(job, task),
    subtask: list(job, task, subtask, taskManager),
    taskManager: list(taskManager),
    jobOnTaskManager: list(job, taskManager),
    jobText: [shown(job), ...cluster.map((label) => `(${shown(label)})`)].join(' '),
    vertexText: shown(task),
    taskManagerText: shown(taskManager),
  };
}
