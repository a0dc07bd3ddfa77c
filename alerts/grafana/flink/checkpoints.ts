import type { DashboardContent } from '../dashboard.js';
import { lines, one, orNone } from '../panel.js';
import { JOB, TASK, type FlinkParts } from './parts.js';

export function checkpoints(parts: FlinkParts): DashboardContent {
  const { ofJobs, job, vertex, jobLegend, vertexLegend } = parts;
  const byJob = (expr: string): string => `max by (${job}) (${expr})`;
  const completed = `${JOB}numberOfCompletedCheckpoints{${ofJobs}}`;
  const duration = `${JOB}lastCheckpointDuration{${ofJobs}}`;
  return {
    uid: 'flink-checkpoints',
    title: 'Flink / Checkpoints',
    description: 'Whether checkpoints complete, what they take of the time, and which phase is slow.',
    variables: [...parts.clusterVariables, parts.jobVariable],
    rows: [
      {
        title: 'Now',
        panels: [
          one(
            'Completed in 10 min',
            'short',
            'None in the time of several intervals: they have stopped.',
            orNone(`sum(increase(${completed}[10m]))`),
          ),
          one(
            'Failed in 10 min',
            'short',
            'A few at the start of a job are usual.',
            orNone(`sum(increase(${JOB}numberOfFailedCheckpoints{${ofJobs}}[10m]))`),
          ),
          one(
            'In progress',
            'short',
            'Under way at this moment.',
            orNone(`sum(${JOB}numberOfInProgressCheckpoints{${ofJobs}})`),
          ),
          one('Slowest', 'ms', 'The longest of the last checkpoints of the jobs.', `max(${duration})`),
        ],
      },
      {
        title: 'Checkpoints',
        panels: [
          lines('Duration of the last', 'ms', 'From trigger to the last acknowledgement.', {
            expr: byJob(duration),
            legend: jobLegend,
          }),
          {
            ...lines(
              'Share of time',
              'percentunit',
              'Durations by how many there were in 10 minutes. Above 50 % the interval leaves no pause.',
              { expr: byJob(`avg_over_time(${duration}[10m]) / 1000 * rate(${completed}[10m])`), legend: jobLegend },
            ),
            max: 1,
          },
          lines(
            'Completed and failed',
            'short',
            'In 10 minutes.',
            { expr: byJob(`increase(${completed}[10m])`), legend: `${jobLegend} completed` },
            { expr: byJob(`increase(${JOB}numberOfFailedCheckpoints{${ofJobs}}[10m])`), legend: `${jobLegend} failed` },
          ),
          lines('Size', 'bytes', 'What the last checkpoint wrote; with incremental ones what was new.', {
            expr: byJob(`${JOB}lastCheckpointSize{${ofJobs}}`),
            legend: jobLegend,
          }),
          {
            ...lines('Age of the last', 's', 'What a failure now would repeat.', {
              expr: byJob(`time() - (${JOB}lastCheckpointCompletedTimestamp{${ofJobs}} > 0) / 1000`),
              legend: jobLegend,
            }),
            needs: 'Flink 2.0 or newer.',
          },
          {
            ...lines('Full size', 'bytes', 'Of the state in the last checkpoint.', {
              expr: byJob(`${JOB}lastCheckpointFullSize{${ofJobs}}`),
              legend: jobLegend,
            }),
            needs: 'Flink 1.15 or newer.',
          },
        ],
      },
      {
        title: 'Barriers, by vertex',
        panels: [
          lines(
            'Start delay',
            's',
            'Until the first barrier comes. A vertex below the slow one shows the same delay.',
            { expr: `max by (${vertex}) (${TASK}checkpointStartDelayNanos{${ofJobs}}) / 1e9`, legend: vertexLegend },
          ),
          lines('Alignment', 's', 'From the first barrier to the last.', {
            expr: `max by (${vertex}) (${TASK}checkpointAlignmentTime{${ofJobs}}) / 1e9`,
            legend: vertexLegend,
          }),
        ],
      },
    ],
  };
}
