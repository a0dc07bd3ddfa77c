import type { AlertRule } from './rule-file.js';

const CLUSTER_SEES = 'and on (cluster) (weir_cluster_up == 1)';
const JOB_RUNS = 'and on (cluster, job_name) (weir_job_state{state="RUNNING"} == 1)';

/** Alerts on Weir itself: it is away, blind, late, or loses what it should keep. Names: docs/metrics.md. */
export const SELF_ALERTS: readonly AlertRule[] = [
  {
    alert: 'WeirDown',
    // Every Weir that runs has this gauge, also one without clusters; a failed scrape ends it.
    expr: 'absent(weir_series)',
    for: '3m',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'Weir is down: nobody watches the Flink jobs',
      description: 'Prometheus has had no metrics of Weir for three minutes; alerts on verdicts have ended with them.',
      action: 'Start Weir again, and look at its log; else mend the scrape of its /metrics.',
    },
  },
  {
    alert: 'WeirClusterUnknown',
    expr: 'weir_cluster_up == 0',
    for: '3m',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'Weir cannot read the Flink cluster {{ $labels.cluster }}',
      description: 'Nothing is known about its jobs since then: they may be well or not.',
      action: 'Ask the JobManager’s REST port from where Weir runs; the status page says what failed.',
    },
  },
  {
    alert: 'WeirLate',
    // Half a beat of ten seconds. Buckets end at 30 s.
    expr: 'histogram_quantile(0.9, sum by (cluster, le) (rate(weir_collect_lag_seconds_bucket[10m]))) > 5',
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Weir reads {{ $labels.cluster }} late by {{ $value | humanizeDuration }}',
      description: 'One round of ten begins that late or later: verdicts come late as well.',
      action: 'Give Weir more CPU, a longer collect.interval, or divide the clusters (shard).',
    },
  },
  {
    alert: 'WeirJobDataOld',
    expr: `weir_job_data_age_seconds > 300 ${CLUSTER_SEES} ${JOB_RUNS}`,
    for: '2m',
    labels: { severity: 'warning' },
    annotations: {
      summary:
        'The newest reading of {{ $labels.job_name }} on {{ $labels.cluster }} is {{ $value | humanizeDuration }} old',
      description: 'The cluster answers, but not about this job: what Weir says of it is stale.',
      action:
        'Look at the status page for requests that fail, and raise collect.maxRequestsPerSecond if the budget is short.',
    },
  },
  {
    alert: 'WeirStoreDropsSamples',
    expr: 'increase(weir_store_dropped_samples_total[10m]) > 0',
    for: '0s',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Weir’s store does not keep up and drops samples',
      description: 'History and reports have gaps from now on.',
      action: 'Look at the disk or the shared store; the status page says what it refuses.',
    },
  },
  {
    alert: 'WeirStoreUnhealthy',
    expr: 'weir_store_healthy == 0',
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Weir’s store takes nothing',
      description:
        'Its server is away, its disk is full or its files are broken. What waits is dropped when the queue is full.',
      action: 'The status page and /api/v1/status say which of them.',
    },
  },
  {
    alert: 'WeirRuleCrashed',
    expr: 'sum by (cluster, job_name) (weir_rule_outcomes{outcome="crashed"}) > 0',
    for: '10m',
    labels: { severity: 'warning' },
    annotations: {
      summary:
        '{{ $value }} of Weir’s rules cannot judge {{ $labels.job_name }} on {{ $labels.cluster }}: they crashed',
      description: 'A fault in Weir, not in the job. The other rules go on.',
      action: 'Report it with a bundle (weir record) and the lines of Weir’s log that name the rule.',
    },
  },
];
