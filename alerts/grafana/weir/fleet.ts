import type { DashboardContent } from '../dashboard.js';
import { lines, one, orNone } from '../panel.js';
import { JOBS, NAME, JOB_LINK, CLUSTER, JOB, findings, findingsTable, findingLines } from './parts.js';

export const fleet: DashboardContent = {
  variables: [CLUSTER, JOB],
  uid: 'weir-fleet',
  title: 'Weir / Fleet',
  description: 'All jobs that Weir watches: which need someone, and why.',
  rows: [
    {
      title: 'Now',
      panels: [
        one(
          'Clusters that answer',
          'short',
          'Clusters that Weir can read.',
          'sum(weir_cluster_up{cluster=~"$cluster"})',
        ),
        one(
          'Clusters unknown',
          'short',
          'Clusters that Weir cannot read: their jobs may be well or not.',
          'count(weir_cluster_up{cluster=~"$cluster"}) - sum(weir_cluster_up{cluster=~"$cluster"})',
        ),
        one('Jobs running', 'short', 'Jobs in state RUNNING.', orNone(`sum(weir_job_state{${JOBS}, state="RUNNING"})`)),
        one(
          'Critical',
          'short',
          'Causes that fire with severity critical.',
          orNone(`sum(${findings('severity="critical"')})`),
        ),
        one(
          'Warning',
          'short',
          'Causes that fire with severity warning.',
          orNone(`sum(${findings('severity="warning"')})`),
        ),
        one('Lowest health', 'short', 'Health score of the worst job, of 100.', `min(weir_job_health_score{${JOBS}})`),
        findingsTable('Causes that fire', ''),
      ],
    },
    {
      title: 'Over time',
      panels: [
        findingLines('Causes by severity', ''),
        {
          ...lines(
            'Worst jobs by health',
            'short',
            'The ten jobs with the lowest score; 100 minus what firing causes take.',
            { expr: `bottomk(10, weir_job_health_score{${JOBS}})`, legend: NAME },
          ),
          link: JOB_LINK,
        },
        {
          ...lines('Largest lag', 's', 'The ten jobs furthest behind, in seconds of their own input.', {
            expr: `topk(10, weir_job_source_lag_seconds{${JOBS}})`,
            legend: NAME,
          }),
          link: JOB_LINK,
        },
        lines('Jobs by state', 'short', 'UNKNOWN: the cluster cannot be read.', {
          expr: `sum by (state) (weir_job_state{${JOBS}})`,
          legend: '{{state}}',
        }),
      ],
    },
  ],
};
