import type { DashboardContent } from '../dashboard.js';
import { lines, one, orNone } from '../panel.js';
import { busy, JOB, OPERATOR, pressure, TASK, type FlinkParts } from './parts.js';

export function fleet(parts: FlinkParts): DashboardContent {
  const { inClusters, ofJobs, job, vertex, jobLegend, vertexLegend } = parts;
  const jobManager = (metric: string): string => `sum(flink_jobmanager_${metric}{${inClusters}})`;
  return {
    uid: 'flink-fleet',
    title: 'Flink / Fleet',
    description: 'All jobs, from the metrics of Flink’s own reporter.',
    variables: [...parts.clusterVariables, parts.jobVariable],
    rows: [
      {
        title: 'Now',
        panels: [
          one(
            'Jobs running',
            'short',
            'As Flink counts them, also those whose tasks wait for slots.',
            jobManager('numRunningJobs'),
          ),
          one(
            'Jobs without tasks',
            'short',
            'Jobs that are there, with no running task: they wait for slots, or between restarts.',
            orNone(
              `count(max by (${job}) (${JOB}numRestarts{${ofJobs}}) unless on (${job}) max by (${job}) (${TASK}numRecordsIn{${ofJobs}}))`,
            ),
          ),
          one('TaskManagers', 'short', 'Registered ones.', jobManager('numRegisteredTaskManagers')),
          one('Free slots', 'short', 'None is usual where a cluster runs one job.', jobManager('taskSlotsAvailable')),
          one('Slots', 'short', 'All of them.', jobManager('taskSlotsTotal')),
          one(
            'Restarts in an hour',
            'short',
            'Attempts: one lost TaskManager can bring several.',
            `sum(increase(${JOB}numRestarts{${ofJobs}}[1h]))`,
          ),
        ],
      },
      {
        title: 'Jobs',
        panels: [
          lines(
            'Highest backpressure',
            'percentunit',
            'The ten jobs with the most pressed vertex. From about 50 % on the vertex below it is full.',
            { expr: `topk(10, max by (${job}) (${pressure(ofJobs)}))`, legend: jobLegend },
          ),
          lines('Fullest vertices', 'percentunit', 'The ten busiest, by their busiest subtask.', {
            expr: `topk(10, max by (${vertex}) (${busy(ofJobs)}))`,
            legend: vertexLegend,
          }),
          lines('Records read', 'recordsps', 'What all sources of a job read.', {
            expr: `sum by (${job}) (rate(${OPERATOR}numRecordsOut{${ofJobs}, ${parts.labels.operator}=~"Source.*"}[$__rate_interval]))`,
            legend: jobLegend,
          }),
          {
            ...lines('Records left to read', 'short', 'Lag of all sources of a job.', {
              expr: `sum by (${job}) (${OPERATOR}pendingRecords{${ofJobs}})`,
              legend: jobLegend,
            }),
            needs: 'sources that say what they have left (Kafka, Pulsar and others: pendingRecords).',
          },
          lines('Restarts', 'short', 'In ten minutes.', {
            expr: `max by (${job}) (increase(${JOB}numRestarts{${ofJobs}}[10m]))`,
            legend: jobLegend,
          }),
          lines('Duration of the last checkpoint', 'ms', 'Compare it with the interval of the job.', {
            expr: `max by (${job}) (${JOB}lastCheckpointDuration{${ofJobs}})`,
            legend: jobLegend,
          }),
        ],
      },
    ],
  };
}
