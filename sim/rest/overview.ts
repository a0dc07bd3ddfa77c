import type { ClusterSim } from '../model/cluster-sim.js';
import type { JobSim } from '../model/job-sim.js';
import { counts, START_UP_MS } from './tasks.js';

/** The bodies of Flink 1.20's REST, with the fields that it has; shapes as recorded from a real 1.20.3. */
export const FLINK_VERSION = '1.20.3';
export function overviewBody({ jobs }: ClusterSim): object {
  const taskManagers = jobs.flatMap((job) => job.taskManagers);
  return {
    taskmanagers: taskManagers.length,
    'slots-total': taskManagers.reduce((sum, tm) => sum + tm.spec.slots, 0),
    'slots-available': jobs.reduce((sum, job) => sum + freeSlots(job), 0),
    'jobs-running': jobs.length,
    'jobs-finished': 0,
    'jobs-cancelled': 0,
    'jobs-failed': 0,
    'flink-version': FLINK_VERSION,
    'flink-commit': '01e3a6d',
  };
}

function freeSlots({ taskManagers, vertices }: JobSim): number {
  const slots = taskManagers.reduce((sum, tm) => sum + tm.spec.slots, 0);
  return Math.max(0, slots - Math.max(...vertices.map(({ spec }) => spec.parallelism)));
}

export function jobsOverviewBody({ jobs, nowMs }: ClusterSim): object {
  return {
    jobs: jobs.map((job) => {
      const total = job.vertices.reduce((sum, { spec }) => sum + spec.parallelism, 0);
      return {
        jid: job.jobId,
        name: job.spec.name,
        'start-time': job.startMs,
        'end-time': -1,
        duration: nowMs - job.startMs,
        state: 'RUNNING',
        'last-modification': job.startMs + START_UP_MS,
        tasks: { ...counts('lower', total), total },
      };
    }),
  };
}
