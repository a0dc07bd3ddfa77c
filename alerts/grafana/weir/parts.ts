import { lines, orNone, type Panel, type PanelLink } from '../panel.js';

export const JOBS = 'cluster=~"$cluster", job_name=~"$job"';
export const NAME = '{{cluster}} {{job_name}}';
export const JOB_LINK: PanelLink = {
  title: 'Open the job in Weir at this moment',
  url: '${weir}/open?cluster=${__field.labels.cluster}&job=${__field.labels.job_name}&at=${__value.time}',
};
const ROW_LINK: PanelLink = {
  title: 'Open the job in Weir',
  url: '${weir}/open?cluster=${__data.fields.cluster}&job=${__data.fields.job_name}',
};

export const CLUSTER = { name: 'cluster', label: 'Cluster', query: 'label_values(weir_cluster_up, cluster)' };
export const JOB = { name: 'job', label: 'Job', query: 'label_values(weir_job_state{cluster=~"$cluster"}, job_name)' };

/** Root findings that are measured: what alerts. Without any there is no series, which is 0. */
export const findings = (more: string): string =>
  `weir_finding{${JOBS}, role="root", basis="measured"${more === '' ? '' : `, ${more}`}}`;

export const findingsTable = (title: string, rules: string): Panel => {
  const only = (severity: string): string =>
    `sum by (cluster, job_name, severity, rule, vertex) (${findings(`severity="${severity}"${rules === '' ? '' : `, rule=~"${rules}"`}`)})`;
  return {
    kind: 'table',
    title,
    unit: 'none',
    description: 'Causes that fire now, worst first; their symptoms are left out. Empty: none.',
    queries: [
      { expr: `sort_desc(2 * ${only('critical')} or ${only('warning')} or 0.5 * ${only('info')})`, legend: '' },
    ],
    needs: 'a job with a finding that fires; without one the table is empty.',
    link: ROW_LINK,
  };
};
export const findingLines = (title: string, rules: string): Panel => ({
  ...lines(title, 'short', 'How many causes fire, by severity; 0 when none does.', {
    expr: orNone(`sum by (severity) (${findings(rules === '' ? '' : `rule=~"${rules}"`)})`),
    legend: '{{severity}}',
  }),
});
