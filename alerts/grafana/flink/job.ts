import type { DashboardContent } from '../dashboard.js';
import { lines, one } from '../panel.js';
import { busy, JOB, OPERATOR, pressure, TASK, type FlinkParts } from './parts.js';

/** Flink's mark for "no watermark yet" is the lowest 64-bit integer. */
const NO_WATERMARK = '-9e18';

export function job(parts: FlinkParts): DashboardContent {
  const { ofJobs, job: byJob, vertex, jobLegend, vertexLegend } = parts;
  const recordsIn = `rate(${TASK}numRecordsIn{${ofJobs}}[$__rate_interval])`;
  const byVertex = (aggregate: string, expr: string): string => `${aggregate} by (${vertex}) (${expr})`;
  return {
    uid: 'flink-job',
    title: 'Flink / Job',
    description: 'One job by its vertices. The full vertex that waits for nobody, while others wait, holds it back.',
    variables: [...parts.clusterVariables, parts.jobVariable],
    rows: [
      {
        title: 'Now',
        panels: [
          one('Restarts', 'short', 'Since it was submitted.', `max(${JOB}numRestarts{${ofJobs}})`),
          one('Running since', 'ms', 'Since the last restart.', `min(${JOB}uptime{${ofJobs}})`),
          one('Tasks', 'short', 'Subtasks that run.', `count(${TASK}numRecordsIn{${ofJobs}})`),
          one('Busiest subtask', 'percentunit', 'Near 100 %: full.', `max(${busy(ofJobs)})`),
          one('Highest backpressure', 'percentunit', 'Of any subtask.', `max(${pressure(ofJobs)})`),
        ],
      },
      {
        title: 'Load',
        panels: [
          {
            ...lines(
              'Busy, fullest subtask',
              'percentunit',
              'Share of time that the busiest subtask of a vertex works.',
              { expr: byVertex('max', busy(ofJobs)), legend: vertexLegend },
            ),
            max: 1,
          },
          {
            ...lines(
              'Backpressure, most pressed subtask',
              'percentunit',
              'Share of time that it waits for what comes after it. It is a victim, not the cause.',
              { expr: byVertex('max', pressure(ofJobs)), legend: vertexLegend },
            ),
            max: 1,
          },
          {
            ...lines(
              'Busy, mean of subtasks',
              'percentunit',
              'Far below the fullest subtask: skew, or one slow TaskManager.',
              { expr: byVertex('avg', busy(ofJobs)), legend: vertexLegend },
            ),
            max: 1,
          },
          {
            ...lines(
              'Skew of records',
              'short',
              'Records of the subtask that gets most, by the mean. 1: even. From 1.3 on look at the keys.',
              { expr: `${byVertex('max', recordsIn)} / (${byVertex('avg', recordsIn)} > 0)`, legend: vertexLegend },
            ),
            needs: 'records that flow: without any there is nothing to compare.',
          },
          lines('Records in', 'recordsps', 'Sources have none here before Flink 2.0.', {
            expr: byVertex('sum', recordsIn),
            legend: vertexLegend,
          }),
          lines('Records out', 'recordsps', 'Sinks have none here before Flink 2.0.', {
            expr: byVertex('sum', `rate(${TASK}numRecordsOut{${ofJobs}}[$__rate_interval])`),
            legend: vertexLegend,
          }),
        ],
      },
      {
        title: 'Buffers, event time, lag',
        panels: [
          {
            ...lines('Output buffers in use', 'percentunit', 'Full while the vertex waits for the next one.', {
              expr: byVertex('max', `${TASK}Shuffle_Netty_Output_Buffers_outPoolUsage{${ofJobs}}`),
              legend: vertexLegend,
            }),
            max: 1,
          },
          {
            ...lines(
              'Input buffers in use',
              'percentunit',
              '0 where both sides share a TaskManager: that proves nothing.',
              {
                expr: byVertex('max', `${TASK}Shuffle_Netty_Input_Buffers_inPoolUsage{${ofJobs}}`),
                legend: vertexLegend,
              },
            ),
            max: 1,
          },
          {
            ...lines(
              'Event time behind the clock',
              's',
              'By the slowest subtask. A line that rises by a second each second: the watermark stands.',
              {
                expr: byVertex('max', `time() - (${TASK}currentInputWatermark{${ofJobs}} > ${NO_WATERMARK}) / 1000`),
                legend: vertexLegend,
              },
            ),
            needs: 'watermarks: a job with event time.',
          },
          {
            ...lines('Records left to read', 'short', 'Lag of its sources.', {
              expr: `sum by (${byJob}) (${OPERATOR}pendingRecords{${ofJobs}})`,
              legend: jobLegend,
            }),
            needs: 'sources that say what they have left (Kafka, Pulsar and others: pendingRecords).',
          },
          {
            ...lines('Largest lag of a Kafka partition', 'short', 'As Kafka’s consumer counts it.', {
              expr: byVertex('max', `${OPERATOR}KafkaSourceReader_KafkaConsumer_records_lag_max{${ofJobs}}`),
              legend: vertexLegend,
            }),
            needs: 'a Kafka source.',
          },
        ],
      },
    ],
  };
}
