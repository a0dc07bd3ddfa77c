import { namesOf, type Names, type ReporterLabels } from '../../prometheus/reporter/labels.js';
import type { Variable } from '../dashboard.js';

/** Selectors, groupings and legends in the labels of one Prometheus. */
export interface FlinkParts extends Names {
  /** `namespace=~"$namespace"`, with a comma behind where there is one. */
  readonly inClusters: string;
  readonly ofJobs: string;
  readonly ofTaskManagers: string;
  readonly jobLegend: string;
  readonly vertexLegend: string;
  readonly taskManagerLegend: string;
  readonly clusterVariables: readonly Variable[];
  readonly jobVariable: Variable;
  readonly taskManagerVariable: Variable;
}

export function partsOf(labels: ReporterLabels): FlinkParts {
  const names = namesOf(labels);
  const clusters = labels.cluster.map((label) => `${label}=~"$${label}", `).join('');
  const legend = (...of: readonly string[]): string =>
    [...labels.cluster, ...of].map((label) => `{{${label}}}`).join(' ');
  return {
    ...names,
    inClusters: clusters,
    ofJobs: `${clusters}${labels.job}=~"$job"`,
    ofTaskManagers: `${clusters}${labels.taskManager}=~"$taskmanager"`,
    jobLegend: legend(labels.job),
    vertexLegend: `{{${labels.job}}} {{${labels.task}}}`,
    taskManagerLegend: legend(labels.taskManager),
    clusterVariables: labels.cluster.map((label) => ({
      name: label,
      label,
      query: `label_values(flink_jobmanager_numRunningJobs, ${label})`,
    })),
    jobVariable: {
      name: 'job',
      label: 'Job',
      query: `label_values(flink_jobmanager_job_numRestarts{${clusters}}, ${labels.job})`,
    },
    taskManagerVariable: {
      name: 'taskmanager',
      label: 'TaskManager',
      query: `label_values(flink_taskmanager_Status_JVM_Memory_Heap_Max{${clusters}}, ${labels.taskManager})`,
    },
  };
}

export const JOB = 'flink_jobmanager_job_';
export const TASK = 'flink_taskmanager_job_task_';
export const OPERATOR = 'flink_taskmanager_job_task_operator_';
export const STATUS = 'flink_taskmanager_Status_';

/** Of the accumulated times (1.16+); before that of the gauges. */
export const shareOfTime = (accumulated: string, gauge: string, selector: string): string =>
  `(clamp_max(rate(${TASK}${accumulated}{${selector}}[$__rate_interval]) / 1000, 1) or clamp_max(${TASK}${gauge}{${selector}} / 1000, 1))`;
export const busy = (selector: string): string => shareOfTime('accumulateBusyTimeMs', 'busyTimeMsPerSecond', selector);
export const pressure = (selector: string): string =>
  shareOfTime('accumulateBackPressuredTimeMs', 'backPressuredTimeMsPerSecond', selector);
