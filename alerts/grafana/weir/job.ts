import type { DashboardContent } from '../dashboard.js';
import { lines, one, orNone } from '../panel.js';
import { JOBS, NAME, JOB_LINK, CLUSTER, JOB, findingsTable, findingLines } from './parts.js';

export const job: DashboardContent = {
  variables: [CLUSTER, JOB],
  uid: 'weir-job',
  title: 'Weir / Job',
  description: 'One job: its causes, load, lag and the parallelism that Weir proposes.',
  rows: [
    {
      title: 'Verdict',
      panels: [
        one('Health', 'short', '100 minus what firing causes take.', `min(weir_job_health_score{${JOBS}})`),
        one('Lag', 's', 'In seconds of its own input.', `max(weir_job_source_lag_seconds{${JOBS}})`),
        one('Checkpoint age', 's', 'Since the last completed one.', `max(weir_checkpoint_age_seconds{${JOBS}})`),
        one('Age of figures', 's', 'Since the newest reading of the job.', `max(weir_job_data_age_seconds{${JOBS}})`),
        one(
          'Rules not evaluated',
          'short',
          'Rules that cannot know: a metric is missing, or the job has just started.',
          orNone(`sum(weir_rule_outcomes{${JOBS}, outcome="skipped"})`),
        ),
        findingsTable('Causes that fire', ''),
      ],
    },
    {
      title: 'Load',
      panels: [
        {
          ...lines(
            'Busiest subtask',
            'percentunit',
            'Share of the last minute in which the busiest subtask of a vertex worked. Near 100 %: full.',
            {
              expr: `max by (cluster, job_name, vertex) (weir_vertex_busy_ratio{${JOBS}, agg="max"})`,
              legend: '{{vertex}}',
            },
          ),
          max: 1,
          link: JOB_LINK,
        },
        {
          ...lines(
            'All subtasks',
            'percentunit',
            'Mean of all subtasks. Far below the busiest: skew, which more subtasks do not mend.',
            {
              expr: `max by (cluster, job_name, vertex) (weir_vertex_busy_ratio{${JOBS}, agg="mean"})`,
              legend: '{{vertex}}',
            },
          ),
          max: 1,
        },
        {
          ...lines('Lag', 's', 'Seconds of its own input that the slowest source is behind.', {
            expr: `weir_job_source_lag_seconds{${JOBS}}`,
            legend: NAME,
          }),
          link: JOB_LINK,
        },
        {
          ...lines('Time to catch up', 's', 'Until the backlog is gone at this pace.', {
            expr: `weir_job_time_to_catch_up_seconds{${JOBS}}`,
            legend: NAME,
          }),
          needs: 'a job whose backlog shrinks.',
        },
        {
          ...lines('Proposed parallelism', 'short', 'Of vertices with an open proposal.', {
            expr: `weir_vertex_recommended_parallelism{${JOBS}}`,
            legend: '{{vertex}}',
          }),
          needs: 'an open proposal to change parallelism.',
          link: JOB_LINK,
        },
        findingLines('Causes by severity', ''),
      ],
    },
  ],
};
