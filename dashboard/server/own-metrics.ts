import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CollectorObserver, SeriesStore } from '../../collector/index.js';
import type { JobReport } from '../../analyzer/engine/analyze.js';
import { JOB_STATES } from '../../collector/model/index.js';
import { max, present } from '../../analyzer/numbers.js';
import { jobStateOf } from './present/job-row.js';
import { recommendedParallelism } from './present/recommended.js';
import type { Watch } from './watch/watch.js';

/** Process metrics whose names `promtool check metrics` refuses. */
const REFUSED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];
const JOB = ['cluster', 'job_name'] as const;
const SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30];

/** Weir's verdicts and its own cost as Prometheus text. Documented in docs/metrics.md. */
export interface OwnMetrics {
  readonly observer: CollectorObserver;
  observeAnalysis(seconds: number): void;
  /** One message of a channel, and what became of it. */
  countNotification(channel: string, outcome: string): void;
  /** From the start on, because Prometheus sees no rise in a counter that begins with its first message. */
  countFromZero(channels: readonly string[], outcomes: readonly string[]): void;
  render(): Promise<string>;
  /** Drops the counters of a cluster that is watched no more: sources bring new names without end. */
  forget(cluster: string): Promise<void>;
  readonly contentType: string;
}

export function createOwnMetrics(
  watch: () => Watch | undefined,
  store: () => SeriesStore | undefined,
  nowMs: () => number,
): OwnMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of REFUSED) registry.removeSingleMetric(name);
  const registers = [registry];

  const requests = new Counter({
    name: 'weir_collect_requests_total',
    help: 'Requests to Flink, by endpoint pattern and outcome.',
    labelNames: ['cluster', 'endpoint', 'outcome'],
    registers,
  });
  const cycles = new Histogram({
    name: 'weir_collect_cycle_seconds',
    help: 'Length of one round of a cluster.',
    labelNames: ['cluster'],
    buckets: SECONDS,
    registers,
  });
  const lateness = new Histogram({
    name: 'weir_collect_lag_seconds',
    help: 'How late a round began.',
    labelNames: ['cluster'],
    buckets: SECONDS,
    registers,
  });
  const analysis = new Histogram({
    name: 'weir_analysis_seconds',
    help: 'Time to judge one job.',
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
    registers,
  });

  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const up = gauge('weir_cluster_up', '1 while the cluster answers, 0 while it does not.', ['cluster']);
  const finding = gauge('weir_finding', '1 while the finding is firing.', [
    ...JOB,
    'rule',
    'severity',
    'role',
    'basis',
    'vertex',
  ]);
  const health = gauge(
    'weir_job_health_score',
    '100 minus deductions for firing root findings of the last 30 minutes.',
    JOB,
  );
  const recommended = gauge(
    'weir_vertex_recommended_parallelism',
    'Parallelism that an open recommendation proposes.',
    [...JOB, 'vertex'],
  );
  const busy = gauge('weir_vertex_busy_ratio', 'Busy over the last minute, of the busiest subtask and of all.', [
    ...JOB,
    'vertex',
    'agg',
  ]);
  const lag = gauge('weir_job_source_lag_seconds', 'Lag of the slowest source in seconds of its own input.', JOB);
  const catchUp = gauge('weir_job_time_to_catch_up_seconds', 'Until the backlog is gone, while it shrinks.', JOB);
  const checkpointAge = gauge('weir_checkpoint_age_seconds', 'Since the last completed checkpoint.', JOB);
  const state = gauge('weir_job_state', '1 for the state that the job is in.', [...JOB, 'state']);
  const age = gauge('weir_job_data_age_seconds', 'Age of the newest reading of the job.', JOB);
  const outcomes = gauge(
    'weir_rule_outcomes',
    'Rules by what they said of the job; reason = rule category for skipped ones.',
    [...JOB, 'outcome', 'reason'],
  );
  const series = gauge('weir_series', 'Subtask series in the hot window.', []);
  const written = gauge('weir_store_write_seconds', 'Length of the last write to the store.', []);
  const stored = gauge('weir_store_healthy', '1 while the store takes what is written, 0 while it does not.', []);
  const storeQueue = gauge('weir_store_queued_samples', 'Rows that wait to be written.', []);
  const storeBytes = gauge('weir_store_bytes', 'What the files of the store take on disk.', []);
  const dropped = new Counter({
    name: 'weir_store_dropped_samples_total',
    help: 'Rows thrown away because the write queue was full or the server refused them.',
    registers,
  });

  const notifications = new Counter({
    name: 'weir_notifications_total',
    help: 'Messages by channel and what became of them.',
    labelNames: ['channel', 'outcome'],
    registers,
  });

  const perJob = [finding, health, recommended, busy, lag, catchUp, checkpointAge, state, age, outcomes];

  function describeJob(report: JobReport): void {
    const labels = { cluster: report.cluster, job_name: report.jobName };
    const { signals } = report;
    for (const item of report.findings) {
      if (item.state !== 'firing') continue;
      const { rule, severity, role, basis } = item;
      finding.set({ ...labels, rule, severity, role, basis, vertex: item.subject.vertexName ?? '' }, 1);
    }
    describeAge(report);
    // What was last read stays on the pages; a time series must not go on with it.
    if (!report.reachable) return;
    health.set(labels, report.health);
    for (const [vertexId, parallelism] of recommendedParallelism(report)) {
      recommended.set({ ...labels, vertex: signals.job.vertexName(vertexId) }, parallelism);
    }
    const load = signals.get('load');
    for (const vertex of load.ok ? load.value.values() : []) {
      if (vertex.busyMax !== undefined) busy.set({ ...labels, vertex: vertex.name, agg: 'max' }, vertex.busyMax);
      if (vertex.busyMean !== undefined) busy.set({ ...labels, vertex: vertex.name, agg: 'mean' }, vertex.busyMean);
    }
    const lagSignal = signals.get('lag');
    if (lagSignal.ok && lagSignal.value.lagSeconds !== undefined) lag.set(labels, lagSignal.value.lagSeconds);
    const catchUpMs = max(present((lagSignal.ok ? lagSignal.value.sources : []).map((source) => source.catchUpMs)));
    if (catchUpMs !== undefined) catchUp.set(labels, catchUpMs / 1000);
    const checkpoints = signals.get('checkpoints');
    const completedMs = checkpoints.ok ? checkpoints.value.lastCompleted?.latestAckMs : undefined;
    if (completedMs !== undefined) checkpointAge.set(labels, Math.max(0, nowMs() - completedMs) / 1000);
    for (const outcome of report.outcomes) {
      outcomes.inc({
        ...labels,
        outcome: outcome.status,
        reason: outcome.status === 'skipped' ? outcome.reason.en.slice(0, 60) : '',
      });
    }
  }

  /** What is known of a job even while its cluster cannot be read. */
  function describeAge(report: JobReport): void {
    const labels = { cluster: report.cluster, job_name: report.jobName };
    for (const name of JOB_STATES) state.set({ ...labels, state: name }, jobStateOf(report) === name ? 1 : 0);
    const lastReadMs = report.history.rounds.findLast(({ ok }) => ok)?.atMs;
    if (lastReadMs !== undefined) age.set(labels, Math.max(0, nowMs() - lastReadMs) / 1000);
  }

  /** Text is made on demand: a scrape shows what is known now, and labels of jobs that are gone go with them. */
  async function render(): Promise<string> {
    for (const metric of perJob) metric.reset();
    up.reset();
    const now = watch();
    for (const status of now?.statuses() ?? []) up.set({ cluster: status.name }, status.reachable ? 1 : 0);
    const reports = now?.reports() ?? [];
    reports.forEach(describeJob);
    series.set(
      reports.reduce(
        (total, { history }) => total + history.vertices.reduce((n, { subtasks }) => n + subtasks.length, 0),
        0,
      ),
    );
    const storeHealth = store()?.health();
    if (storeHealth !== undefined) {
      dropped.reset();
      dropped.inc(storeHealth.droppedRows);
      stored.set(storeHealth.ok ? 1 : 0);
      storeQueue.set(storeHealth.queuedRows);
      if (storeHealth.diskBytes === undefined) storeBytes.remove();
      else storeBytes.set(storeHealth.diskBytes);
      if (storeHealth.lastFlushSeconds === undefined) written.remove();
      else written.set(storeHealth.lastFlushSeconds);
    }
    return registry.metrics();
  }

  async function forget(cluster: string): Promise<void> {
    for (const { labels } of (await requests.get()).values) if (labels.cluster === cluster) requests.remove(labels);
    cycles.remove({ cluster });
    lateness.remove({ cluster });
  }

  return {
    observer: {
      onRequest: (cluster, endpoint, outcome) => requests.inc({ cluster, endpoint, outcome }),
      onCycle: (cluster, seconds) => cycles.observe({ cluster }, seconds),
      onLag: (cluster, seconds) => lateness.observe({ cluster }, seconds),
    },
    observeAnalysis: (seconds) => analysis.observe(seconds),
    countNotification: (channel, outcome) => notifications.inc({ channel, outcome }),
    countFromZero: (channels, outcomes) => {
      for (const channel of channels) for (const outcome of outcomes) notifications.inc({ channel, outcome }, 0);
    },
    render,
    forget,
    contentType: registry.contentType,
  };
}
