import { inLanguage, text, type Language, type Text } from '../../analyzer/text.js';
import type { AlertRule } from './rule-file.js';

const CLUSTER_SEES = 'and on (cluster) (weir_cluster_up == 1)';
const JOB_RUNS = 'and on (cluster, job_name) (weir_job_state{state="RUNNING"} == 1)';

interface SelfAlert extends Omit<AlertRule, 'annotations'> {
  readonly annotations: Readonly<Record<'summary' | 'description' | 'action', Text>>;
}

/** Alerts on Weir itself: it is away, blind, late, or loses what it should keep. Names: docs/metrics.md. */
const SELF_ALERTS: readonly SelfAlert[] = [
  {
    alert: 'WeirDown',
    // Every Weir that runs has this gauge, also one without clusters; a failed scrape ends it.
    expr: 'absent(weir_series)',
    for: '3m',
    labels: { severity: 'critical' },
    annotations: {
      summary: text('Weir is down: nobody watches the Flink jobs', 'Weir 已停止：没有人在监控 Flink 作业'),
      description: text(
        'Prometheus has had no metrics of Weir for three minutes; alerts on verdicts have ended with them.',
        'Prometheus 已三分钟没有 Weir 的指标；基于诊断结论的告警也随之结束。',
      ),
      action: text(
        'Start Weir again, and look at its log; else mend the scrape of its /metrics.',
        '重新启动 Weir 并查看日志；否则修复对其 /metrics 的抓取。',
      ),
    },
  },
  {
    alert: 'WeirClusterUnknown',
    expr: 'weir_cluster_up == 0',
    for: '3m',
    labels: { severity: 'critical' },
    annotations: {
      summary: text(
        'Weir cannot read the Flink cluster {{ $labels.cluster }}',
        'Weir 无法读取 Flink 集群 {{ $labels.cluster }}',
      ),
      description: text(
        'Nothing is known about its jobs since then: they may be well or not.',
        '此后对其作业一无所知：可能正常，也可能不正常。',
      ),
      action: text(
        'Ask the JobManager’s REST port from where Weir runs; the status page says what failed.',
        '从 Weir 所在处访问 JobManager 的 REST 端口；状态页说明了失败原因。',
      ),
    },
  },
  {
    alert: 'WeirLate',
    // Half a beat of ten seconds. Buckets end at 30 s.
    expr: 'histogram_quantile(0.9, sum by (cluster, le) (rate(weir_collect_lag_seconds_bucket[10m]))) > 5',
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: text(
        'Weir reads {{ $labels.cluster }} late by {{ $value | humanizeDuration }}',
        'Weir 读取 {{ $labels.cluster }} 晚了 {{ $value | humanizeDuration }}',
      ),
      description: text(
        'One round of ten begins that late or later: verdicts come late as well.',
        '十轮中有一轮晚这么多或更多：诊断结论也会晚。',
      ),
      action: text(
        'Give Weir more CPU, a longer collect.interval, or divide the clusters (shard).',
        '给 Weir 更多 CPU、更长的 collect.interval，或拆分集群（shard）。',
      ),
    },
  },
  {
    alert: 'WeirJobDataOld',
    expr: `weir_job_data_age_seconds > 300 ${CLUSTER_SEES} ${JOB_RUNS}`,
    for: '2m',
    labels: { severity: 'warning' },
    annotations: {
      summary: text(
        'The newest reading of {{ $labels.job_name }} on {{ $labels.cluster }} is {{ $value | humanizeDuration }} old',
        '{{ $labels.cluster }} 上 {{ $labels.job_name }} 的最新读数已有 {{ $value | humanizeDuration }}',
      ),
      description: text(
        'The cluster answers, but not about this job: what Weir says of it is stale.',
        '集群有应答，但没有该作业的：Weir 对它的结论已过时。',
      ),
      action: text(
        'Look at the status page for requests that fail, and raise collect.maxRequestsPerSecond if the budget is short.',
        '在状态页查看失败的请求；若预算不足，提高 collect.maxRequestsPerSecond。',
      ),
    },
  },
  {
    alert: 'WeirStoreDropsSamples',
    expr: 'increase(weir_store_dropped_samples_total[10m]) > 0',
    for: '0s',
    labels: { severity: 'warning' },
    annotations: {
      summary: text('Weir’s store does not keep up and drops samples', 'Weir 的存储跟不上，正在丢弃样本'),
      description: text('History and reports have gaps from now on.', '从现在起历史和报告会有缺口。'),
      action: text(
        'Look at the disk or the shared store; the status page says what it refuses.',
        '检查磁盘或共享存储；状态页说明它拒绝了什么。',
      ),
    },
  },
  {
    alert: 'WeirStoreUnhealthy',
    expr: 'weir_store_healthy == 0',
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: text('Weir’s store takes nothing', 'Weir 的存储不接受任何写入'),
      description: text(
        'Its server is away, its disk is full or its files are broken. What waits is dropped when the queue is full.',
        '其服务器不在、磁盘已满或文件损坏。队列满后，等待写入的数据会被丢弃。',
      ),
      action: text('The status page and /api/v1/status say which of them.', '状态页和 /api/v1/status 说明是哪一种。'),
    },
  },
  {
    alert: 'WeirMessagesNotSent',
    // Given up or refused; or only tried again and again.
    expr:
      'sum by (channel) (increase(weir_notifications_total{outcome=~"refused|expired"}[15m])) > 0 ' +
      'or (sum by (channel) (increase(weir_notifications_total{outcome="retried"}[15m])) > 0 ' +
      'unless sum by (channel) (increase(weir_notifications_total{outcome=~"sent|repeated"}[15m])) > 0)',
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: text(
        'Messages of Weir do not get through {{ $labels.channel }}',
        'Weir 的消息无法通过 {{ $labels.channel }} 送达',
      ),
      description: text(
        'The channel refused them or does not answer: whoever relies on it hears nothing of the Flink jobs.',
        '该渠道拒收或没有应答：依赖它的人收不到 Flink 作业的消息。',
      ),
      action: text(
        'Run: weir alerts test --channel {{ $labels.channel }}. It says what the other side answered.',
        '运行 weir alerts test --channel {{ $labels.channel }}，它会给出对方的应答。',
      ),
    },
  },
  {
    alert: 'WeirRuleCrashed',
    expr: 'sum by (cluster, job_name) (weir_rule_outcomes{outcome="crashed"}) > 0',
    for: '10m',
    labels: { severity: 'warning' },
    annotations: {
      summary: text(
        '{{ $value }} of Weir’s rules cannot judge {{ $labels.job_name }} on {{ $labels.cluster }}: they crashed',
        '有 {{ $value }} 条 Weir 规则无法判断 {{ $labels.cluster }} 上的 {{ $labels.job_name }}：它们崩溃了',
      ),
      description: text(
        'A fault in Weir, not in the job. The other rules go on.',
        '这是 Weir 的缺陷，不是作业的。其他规则继续工作。',
      ),
      action: text(
        'Report it with a bundle (weir record) and the lines of Weir’s log that name the rule.',
        '附上录制文件（weir record）和日志中提到该规则的行进行反馈。',
      ),
    },
  },
];

export const selfAlerts = (language: Language): readonly AlertRule[] =>
  SELF_ALERTS.map(({ annotations: { summary, description, action }, ...alert }) => ({
    ...alert,
    annotations: {
      summary: inLanguage(summary, language),
      description: inLanguage(description, language),
      action: inLanguage(action, language),
    },
  }));
