import { between, checkpoints, edge, evidence, finding, idOf, ramp, taskManager, vertex } from './make.mjs';

const ENRICH = 'enrich: KeyedProcess(customerId) -> Map(price) -> Filter(valid)';
const shares = [0.08, 0.09, 0.08, 0.41, 0.09, 0.08, 0.09, 0.08];
const busy = [0.21, 0.23, 0.2, 0.97, 0.24, 0.21, 0.23, 0.22];

/** One key carries most records: the demo of "scaling out will not help". */
export const hotKey = {
  row: {
    cluster: 'prod-a',
    jobId: '5f1c0a7b9e3d4c2881aa64f0c6d2e911',
    name: 'orders-enrich',
    parallelism: 8,
    worst: 'critical',
    health: 41,
    lagSeconds: 250,
  },
  trend: ramp(4, 250),
  health: ramp(88, 41, 30, 5),
  uptimeMs: 3 * 86_400_000 + 4 * 3_600_000,
  build: ({ L, job }) => ({
    title: L('One key carries 41% of the records of enrich', 'enrich 41% 的记录集中在一个键上'),
    answer: L(
      'enrich cannot keep up: one key takes 41% of its records, so subtask 3 is 97% busy while the other seven idle. Scaling out will not help.',
      'enrich 处理不过来：一个键占了它 41% 的记录，子任务 3 繁忙度 97%，其余七个大多空闲。增加并行度没有用。',
    ),
    vertices: [
      vertex('v1', 'Source: orders-topic -> Deserialize', 8, {
        isSource: true,
        pressed: 0.82,
        lagSeconds: 250,
        rate: 5200,
        mark: 'pressured',
        busy: Array.from({ length: 8 }, (_, i) => between(0.06, 0.1, i)),
      }),
      vertex('v2', 'parse: FlatMap(order lines)', 8, {
        pressed: 0.74,
        rate: 5200,
        mark: 'pressured',
        busy: Array.from({ length: 8 }, (_, i) => between(0.15, 0.2, i)),
      }),
      vertex('v3', ENRICH, 8, { busy, shares, rate: 14_200, mark: 'cause' }),
      vertex('v4', 'Sink: enriched-orders (KafkaSink)', 4, {
        isSink: true,
        rate: 13_900,
        busy: [0.12, 0.13, 0.11, 0.12],
      }),
    ],
    edges: [edge('v1', 'v2', 'FORWARD', 0.82), edge('v2', 'v3', 'HASH', 0.74), edge('v3', 'v4', 'REBALANCE', 0.01)],
    taskManagers: [taskManager(1), taskManager(2), taskManager(3, { slotsFree: 4 })],
    findings: [
      finding(job, 'skew-hot-key', {
        category: 'skew',
        severity: 'critical',
        confidence: 0.94,
        subject: { kind: 'vertex', vertexId: 'v3', vertexName: ENRICH, subtasks: [3] },
        title: L('One key carries 41% of the records of enrich', 'enrich 41% 的记录集中在一个键上'),
        summary: L(
          'Subtask 3 receives 5.1 times the median of its siblings and is 97% busy; the other seven are 22% busy. Records of one key always go to one subtask, so the sources wait for it.',
          '子任务 3 收到的记录是其他子任务中位数的 5.1 倍，繁忙度 97%；其余七个只有 22%。同一个键的记录总去往同一个子任务，于是上游都在等它。',
        ),
        evidence: [
          evidence(
            'recordsSkewRatio',
            L('records, busiest / median', '记录数，最多 / 中位'),
            5.1,
            'times',
            2,
            '>=',
            10,
          ),
          evidence('busyRatio', L('busy, subtask 3', '繁忙度，子任务 3'), 0.97, 'ratio', 0.8, '>='),
          evidence('busyRatioMedian', L('busy, median of the others', '繁忙度，其余中位'), 0.22, 'ratio', 0.5, '<='),
          evidence('hotKeyShare', L('share of one key', '单个键的占比'), 0.41, 'ratio', 0.07, '>=', 10),
        ],
        wouldChange: [
          L('the share falls under 15%', '占比降到 15% 以下'),
          L('busy spreads to several subtasks', '多个子任务同时繁忙'),
        ],
        notSeen: [
          {
            signal: L('which key it is', '具体是哪个键'),
            enableBy: L('sample the keys with a side output in front of keyBy', '在 keyBy 前用侧输出抽样键值'),
          },
        ],
      }),
      finding(job, 'bp-bottleneck', {
        category: 'backpressure',
        severity: 'warning',
        role: 'symptom',
        rank: 2,
        causedBy: [idOf(job, 'skew-hot-key')],
        subject: { kind: 'vertex', vertexId: 'v2', vertexName: 'parse: FlatMap(order lines)' },
        title: L('Backpressure on 2 vertices', '2 个算子受到反压'),
        summary: L(
          'parse and the source are held back 74% and 82% of the time.',
          'parse 与数据源分别有 74% 和 82% 的时间受阻。',
        ),
        evidence: [evidence('backPressuredRatio', L('held back, parse', '受阻，parse'), 0.74, 'ratio', 0.5, '>=')],
      }),
      finding(job, 'src-lag-growing', {
        category: 'source',
        severity: 'warning',
        role: 'symptom',
        rank: 3,
        causedBy: [idOf(job, 'bp-bottleneck')],
        subject: { kind: 'vertex', vertexId: 'v1', vertexName: 'Source: orders-topic -> Deserialize' },
        title: L('lag grows by 1.2K records/s', '延迟每秒增加 1200 条'),
        summary: L(
          'The source falls further behind: 4 min 10 s now, 40 s half an hour ago.',
          '数据源越落越远：现在 4 分 10 秒，半小时前 40 秒。',
        ),
        evidence: [evidence('lagSlope', L('lag growth', '延迟增速'), 1200, 'records/s', 0, '>', 10)],
      }),
      finding(job, 'ckpt-not-retained', {
        category: 'checkpoint',
        severity: 'info',
        basis: 'configuration',
        rank: 9,
        confidence: 1,
        title: L('Checkpoints are deleted when the job is cancelled', '取消作业时会删除 checkpoint'),
        summary: L('After a cancel there is nothing to start from but savepoints.', '取消之后只能从 savepoint 启动。'),
        evidence: [evidence('externalizedEnabled', L('checkpoints kept', '保留 checkpoint'), 0, 'count', 1, '<', 0)],
      }),
    ],
    recommendations: [
      {
        id: 'rec-salt',
        findings: [idOf(job, 'skew-hot-key')],
        state: 'proposed',
        kind: 'code',
        title: L('Salt the key and aggregate twice', '给键加盐，分两步聚合'),
        changes: [
          {
            scope: 'vertex',
            vertexId: 'v3',
            vertexName: 'enrich',
            from: 'keyBy(customerId)',
            to: 'keyBy(customerId, salt 0–6)',
            unit: '',
          },
        ],
        diffs: {
          cli: '-orders.keyBy(Order::customerId)\n-    .process(new Enrich())\n+orders.keyBy(o -> Tuple2.of(o.customerId, o.id % 7))\n+    .process(new PreAggregate())\n+    .keyBy(Partial::customerId)\n+    .process(new Enrich())',
          sql: "SET 'table.exec.mini-batch.enabled' = 'true';\nSET 'table.exec.mini-batch.allow-latency' = '2 s';\nSET 'table.exec.mini-batch.size' = '5000';\nSET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';",
        },
        expected: [
          {
            metric: 'throughput',
            label: L('throughput', '吞吐'),
            from: 1,
            to: 2.4,
            low: 1.9,
            high: 2.6,
            unit: 'times',
          },
          {
            metric: 'catchUp',
            label: L('lag gone after', '追平延迟需'),
            from: 250,
            to: 660,
            low: 540,
            high: 900,
            unit: 's',
          },
        ],
        cost: { slots: 0, taskManagers: 0, memoryBytes: 64 * 2 ** 20 },
        prerequisites: [
          L(
            'The aggregation can be split: sum, count, max, not an ordered list.',
            '聚合可以拆分：求和、计数、最大值，而不是有序列表。',
          ),
        ],
        risk: {
          restart: 'savepoint',
          stateLoss: false,
          note: L(
            'The keyed state gets a new layout: migrate it or start this operator empty.',
            '键控状态的布局会变：需要迁移，或让该算子从空状态开始。',
          ),
        },
        verify: [
          {
            metric: 'recordsSkewRatio',
            label: L('records, busiest / median', '记录数，最多 / 中位'),
            comparison: '<=',
            target: 1.3,
            unit: 'times',
          },
        ],
        rejected: [
          {
            alternative: L('More parallelism', '增加并行度'),
            why: L(
              'one key stays on one subtask; 16 subtasks would leave subtask 3 as busy.',
              '一个键始终在一个子任务上；加到 16 个，子任务 3 依然一样忙。',
            ),
          },
        ],
        confidence: 0.86,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/table/tuning/'],
      },
    ],
  }),
  checkpoints: (nowMs) => ({
    intervalMs: 60_000,
    timeoutMs: 600_000,
    checkpoints: checkpoints({
      nowMs,
      everyMs: 60_000,
      durationMs: (t) => 4000 + 34_000 * t ** 2,
      phases: [0.78, 0.12, 0.01, 0.07],
      vertexId: 'v3',
      vertexName: 'enrich',
      subtask: 3,
      stateBytes: 1.2 * 2 ** 30,
      timeoutMs: 600_000,
    }),
  }),
  events: (L, nowMs) => [
    {
      atMs: nowMs - 14 * 60_000,
      kind: 'finding',
      severity: 'critical',
      title: L('Found: one key carries 41% of the records of enrich', '诊断：enrich 41% 的记录集中在一个键上'),
    },
    {
      atMs: nowMs - 12 * 60_000,
      kind: 'finding',
      severity: 'warning',
      title: L('Found: lag grows by 1.2K records/s', '诊断：延迟每秒增加 1200 条'),
    },
    {
      atMs: nowMs - 95 * 60_000,
      kind: 'rescale',
      title: L(
        'Parallelism 4 → 8 (no gain: the same key stayed the limit)',
        '并行度 4 → 8（没有效果：仍被同一个键限制）',
      ),
    },
    {
      atMs: nowMs - 96 * 60_000,
      kind: 'restart',
      severity: 'info',
      title: L('Restarted for the rescale, from checkpoint 1104', '因扩缩容重启，自 checkpoint 1104 恢复'),
    },
    {
      atMs: nowMs - 210 * 60_000,
      kind: 'configuration',
      title: L('execution.checkpointing.interval 30 s → 1 min', 'execution.checkpointing.interval 30 秒 → 1 分钟'),
    },
    {
      atMs: nowMs - 260 * 60_000,
      kind: 'taskmanager',
      title: L('worker-3.prod-a.internal joined', 'worker-3.prod-a.internal 加入'),
    },
    {
      atMs: nowMs - 262 * 60_000,
      kind: 'taskmanager',
      severity: 'warning',
      title: L('worker-7.prod-a.internal was lost', 'worker-7.prod-a.internal 丢失'),
    },
  ],
  exceptions: (nowMs) => [
    {
      title:
        'java.util.concurrent.TimeoutException: Heartbeat of TaskManager with id worker-#.prod-a.internal timed out.',
      count: 1,
      firstSeenMs: nowMs - 262 * 60_000,
      lastSeenMs: nowMs - 262 * 60_000,
      taskName: 'enrich (5/8)',
      stacktrace:
        'java.util.concurrent.TimeoutException: Heartbeat of TaskManager with id worker-7.prod-a.internal:6122 timed out.\n\tat org.apache.flink.runtime.jobmaster.JobMaster$TaskManagerHeartbeatListener.notifyHeartbeatTimeout(JobMaster.java:1449)\n\tat org.apache.flink.runtime.heartbeat.DefaultHeartbeatMonitor.run(DefaultHeartbeatMonitor.java:158)\n\tat java.base/java.lang.Thread.run(Thread.java:840)',
    },
  ],
};
