import type { DashboardContent } from '../dashboard.js';
import { lines } from '../panel.js';
import { CLUSTER } from './parts.js';

export const self: DashboardContent = {
  variables: [CLUSTER],
  uid: 'weir-self',
  title: 'Weir / Itself',
  description: 'What Weir costs, whether it is in time, and whether its store keeps up.',
  rows: [
    {
      title: 'Reading',
      panels: [
        lines('Requests to Flink', 'reqps', 'By cluster and outcome; Weir keeps to its budget.', {
          expr: 'sum by (cluster, outcome) (rate(weir_collect_requests_total{cluster=~"$cluster"}[$__rate_interval]))',
          legend: '{{cluster}} {{outcome}}',
        }),
        lines('Length of a round', 's', 'Nine of ten rounds are shorter.', {
          expr: 'histogram_quantile(0.9, sum by (cluster, le) (rate(weir_collect_cycle_seconds_bucket{cluster=~"$cluster"}[$__rate_interval])))',
          legend: '{{cluster}}',
        }),
        lines('How late rounds begin', 's', 'Nine of ten begin earlier. Above 5 s verdicts come late.', {
          expr: 'histogram_quantile(0.9, sum by (cluster, le) (rate(weir_collect_lag_seconds_bucket{cluster=~"$cluster"}[$__rate_interval])))',
          legend: '{{cluster}}',
        }),
        lines('Clusters', 'short', '1 while the cluster answers.', {
          expr: 'weir_cluster_up{cluster=~"$cluster"}',
          legend: '{{cluster}}',
        }),
      ],
    },
    {
      title: 'Judging and keeping',
      panels: [
        lines('Time to judge a job', 's', 'Nine of ten jobs are judged faster.', {
          expr: 'histogram_quantile(0.9, sum by (le) (rate(weir_analysis_seconds_bucket[$__rate_interval])))',
          legend: 'a job',
        }),
        lines(
          'Store',
          'short',
          'Rows that wait, and rows that were thrown away in five minutes.',
          { expr: 'sum(weir_store_queued_samples)', legend: 'waiting' },
          { expr: 'sum(increase(weir_store_dropped_samples_total[5m]))', legend: 'dropped' },
        ),
        lines('Memory', 'bytes', 'Of the process.', {
          expr: 'process_resident_memory_bytes and on (instance) weir_series',
          legend: '{{instance}}',
        }),
        lines('CPU', 'short', 'Cores in use.', {
          expr: 'rate(process_cpu_seconds_total[$__rate_interval]) and on (instance) weir_series',
          legend: '{{instance}}',
        }),
        lines('Series', 'short', 'Of subtasks, in the hot window.', { expr: 'weir_series', legend: '{{instance}}' }),
        {
          ...lines('Messages', 'short', 'In an hour, by channel and what became of them.', {
            expr: 'sum by (channel, outcome) (increase(weir_notifications_total[1h])) > 0',
            legend: '{{channel}} {{outcome}}',
          }),
          needs: 'alerts.channels, and something to tell in the last hour.',
        },
        {
          ...lines('Data on disk', 'bytes', 'Files of the embedded store.', {
            expr: 'weir_store_bytes',
            legend: '{{instance}}',
          }),
          needs: 'the embedded store (store.kind: duckdb).',
        },
      ],
    },
  ],
};
