import { checkpoints, edge, evidence, finding, idOf, ramp, taskManager, vertex } from './make.mjs';

const SINK = 'Sink: JDBC billing.invoices';

/** A database that answers slowly: the subtasks wait and compute nothing. */
export const slowSink = {
  row: {
    cluster: 'prod-a',
    jobId: 'b7720de64d1b4f0c9a6be1b3c2f49d10',
    name: 'billing-sink',
    parallelism: 4,
    worst: 'warning',
    health: 63,
    lagSeconds: 20,
  },
  trend: ramp(14, 21, 30, 9),
  health: ramp(70, 63, 30, 4),
  uptimeMs: 9 * 86_400_000,
  build: ({ L, job }) => ({
    title: L('The database behind the sink is slow', 'Sink 背后的数据库响应慢'),
    answer: L(
      'The sink waits for its database 88% of the time: 24 ms for each write, one row at a time. Write in batches before adding subtasks.',
      'Sink 88% 的时间在等数据库：每次写入 24 毫秒，且一次一行。先改为批量写入，再考虑增加并行度。',
    ),
    vertices: [
      vertex('v1', 'Source: invoices -> Map(toRow)', 4, {
        isSource: true,
        pressed: 0.61,
        lagSeconds: 20,
        rate: 160,
        mark: 'pressured',
        busy: [0.05, 0.05, 0.06, 0.05],
      }),
      vertex('v2', SINK, 4, {
        isSink: true,
        rate: 158,
        mark: 'cause',
        busy: [0.94, 0.92, 0.95, 0.93],
        shares: [0.25, 0.24, 0.26, 0.25],
      }),
    ],
    edges: [edge('v1', 'v2', 'REBALANCE', 0.61)],
    taskManagers: [taskManager(4, { cpuCoresUsed: 0.3 }), taskManager(5, { cpuCoresUsed: 0.28 })],
    findings: [
      finding(job, 'bp-external-wait', {
        category: 'backpressure',
        severity: 'warning',
        confidence: 0.88,
        subject: { kind: 'vertex', vertexId: 'v2', vertexName: SINK },
        title: L('The database behind the sink is slow', 'Sink 背后的数据库响应慢'),
        summary: L(
          'All four subtasks are over 90% busy while the TaskManagers use 7% of their CPU: the time goes to waiting. No garbage collection, no state backend in this vertex.',
          '四个子任务繁忙度都超过 90%，而 TaskManager 只用了 7% 的 CPU：时间都花在等待上。没有 GC 问题，该算子也不用状态后端。',
        ),
        evidence: [
          evidence('busyRatio', L('busy, least of 4 subtasks', '繁忙度，4 个子任务中最低'), 0.92, 'ratio', 0.8, '>='),
          evidence('waitRatio', L('busy time without CPU', '繁忙却不用 CPU 的时间'), 0.88, 'ratio', 0.6, '>='),
          evidence('currentSendTime', L('time for one write', '单次写入耗时'), 24, 'ms', 5, '>='),
          evidence('gcTimeRatio', L('time in GC', 'GC 时间占比'), 0.012, 'ratio', 0.05, '<'),
        ],
        wouldChange: [
          L('CPU use above 60% of its cores', 'CPU 使用超过 60%'),
          L('only one subtask busy', '只有一个子任务繁忙'),
        ],
        notSeen: [{ signal: L('where it waits', '具体等在何处'), enableBy: 'rest.flamegraph.enabled: true' }],
      }),
    ],
    recommendations: [
      {
        id: 'rec-batch',
        findings: [idOf(job, 'bp-external-wait')],
        state: 'proposed',
        kind: 'sink',
        title: L('Write 1000 rows at a time', '每批写入 1000 行'),
        changes: [
          { scope: 'job', key: 'sink.buffer-flush.max-rows', from: 1, to: 1000, unit: '' },
          { scope: 'job', key: 'sink.buffer-flush.interval', from: '0', to: '1s', unit: '' },
        ],
        diffs: {
          sql: "ALTER TABLE invoices SET (\n  'sink.buffer-flush.max-rows' = '1000',\n  'sink.buffer-flush.interval' = '1s'\n);",
          cli: 'JdbcExecutionOptions.builder()\n    .withBatchSize(1000)\n    .withBatchIntervalMs(1000)\n    .withMaxRetries(3)\n    .build()',
        },
        expected: [
          {
            metric: 'throughput',
            label: L('rows written', '写入行数'),
            from: 158,
            to: 2400,
            low: 1100,
            high: 3800,
            unit: 'records/s',
          },
        ],
        cost: { slots: 0, taskManagers: 0, memoryBytes: 0 },
        prerequisites: [L('A second of delay before rows are visible is acceptable.', '允许数据晚一秒可见。')],
        risk: { restart: 'job', stateLoss: false, note: '' },
        verify: [
          {
            metric: 'busyRatio',
            label: L('busy of the sink', 'Sink 繁忙度'),
            comparison: '<=',
            target: 0.5,
            unit: 'ratio',
          },
        ],
        rejected: [
          {
            alternative: L('Parallelism 8', '并行度 8'),
            why: L('the database already serves 4 connections at its limit.', '数据库的 4 个连接已到上限。'),
          },
        ],
        confidence: 0.8,
        sources: [],
      },
    ],
  }),
  checkpoints: (nowMs) => ({
    intervalMs: 30_000,
    timeoutMs: 600_000,
    checkpoints: checkpoints({
      nowMs,
      everyMs: 30_000,
      durationMs: () => 2600,
      phases: [0.7, 0.05, 0.05, 0.15],
      vertexId: 'v2',
      vertexName: SINK,
      subtask: 2,
      stateBytes: 3 * 2 ** 20,
      timeoutMs: 600_000,
    }),
  }),
  events: (L, nowMs) => [
    {
      atMs: nowMs - 14 * 60_000,
      kind: 'finding',
      severity: 'warning',
      title: L('Found: the database behind the sink is slow', '诊断：Sink 背后的数据库响应慢'),
    },
  ],
  exceptions: () => [],
};
