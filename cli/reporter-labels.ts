import type { Command } from 'commander';
import { LABEL_SCHEMES, type LabelSchemeName, type ReporterLabels } from '../alerts/prometheus/reporter/labels.js';
import { UsageError } from './config/load.js';

export interface ReporterLabelFlags {
  readonly labels: string;
  readonly clusterLabel: readonly string[];
  readonly jobLabel?: string;
  readonly taskLabel?: string;
  readonly subtaskLabel?: string;
  readonly taskmanagerLabel?: string;
  readonly operatorLabel?: string;
}

const NAMES = Object.keys(LABEL_SCHEMES);

/** Flags that say what Flink's own series are labelled with once Prometheus has them. */
export function addReporterLabels(command: Command): Command {
  return command
    .option('--labels <scheme>', `labels of Flink’s series: ${NAMES.join(' or ')}`, 'plain')
    .option('--cluster-label <label>', 'label that tells Flink clusters apart (repeat for more)', collect, [])
    .option('--job-label <label>', 'label of the job, if not job_name')
    .option('--task-label <label>', 'label of the vertex, if not task_name')
    .option('--subtask-label <label>', 'label of the subtask, if not subtask_index')
    .option('--taskmanager-label <label>', 'label of the TaskManager, if not tm_id (kubernetes: pod)')
    .option('--operator-label <label>', 'label of the operator, if not operator_name');
}

/** @throws UsageError naming every flag that no label can have */
export function reporterLabelsFrom(flags: ReporterLabelFlags): ReporterLabels {
  const scheme = NAMES.find((name): name is LabelSchemeName => name === flags.labels);
  const given = {
    job: flags.jobLabel,
    task: flags.taskLabel,
    subtask: flags.subtaskLabel,
    taskManager: flags.taskmanagerLabel,
    operator: flags.operatorLabel,
  };
  const bad = [...Object.values(given), ...flags.clusterLabel].filter(
    (label) => label !== undefined && !/^[a-zA-Z_]\w*$/.test(label),
  );
  const problems = [
    ...(scheme === undefined ? [`--labels ${flags.labels}: must be ${NAMES.join(' or ')}`] : []),
    ...bad.map((label) => `"${label}" is no name of a label: letters, digits and _ only`),
  ];
  if (scheme === undefined || problems.length > 0) throw new UsageError(problems);
  const known = Object.fromEntries(Object.entries(given).filter(([, label]) => label !== undefined));
  const base: ReporterLabels = LABEL_SCHEMES[scheme];
  return { ...base, ...known, ...(flags.clusterLabel.length === 0 ? {} : { cluster: flags.clusterLabel }) };
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
