import type { DashboardContent } from '../dashboard.js';
import { lines } from '../panel.js';
import { JOBS, NAME, JOB_LINK, CLUSTER, JOB, findingsTable, findingLines } from './parts.js';

export const memory: DashboardContent = {
  variables: [CLUSTER, JOB],
  uid: 'weir-memory',
  title: 'Weir / Memory',
  description: 'What Weir says of memory and garbage collection. The figures themselves are in Flink / Memory.',
  rows: [
    {
      title: 'Memory',
      panels: [
        findingLines('Causes in memory', 'mem-.*|gc-.*|net-mem-.*'),
        {
          ...lines('Health of jobs', 'short', 'The ten lowest.', {
            expr: `bottomk(10, weir_job_health_score{${JOBS}})`,
            legend: NAME,
          }),
          link: JOB_LINK,
        },
        findingsTable('Causes that fire', 'mem-.*|gc-.*|net-mem-.*|tm-.*'),
      ],
    },
  ],
};
