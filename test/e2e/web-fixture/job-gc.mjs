import { checkpoints, edge, evidence, finding, idOf, ramp, taskManager, vertex } from './make.mjs';

const SESSIONS = 'sessionize: Window(EventTimeSessionWindows 30 min, ProcessWindowFunction)';

/** The heap is full, and a third of the time goes to collecting it. */
export const gcPressure = {
  row: {
    cluster: 'prod-b',
    jobId: '0c9d14e7a5b3421f8d60aa77fe13b562',
    name: 'clickstream-sessions',
    parallelism: 6,
    worst: 'critical',
    health: 47,
    lagSeconds: 95,
  },
  trend: ramp(2, 95, 30, 3),
  health: ramp(80, 47, 30, 8),
  uptimeMs: 26 * 3_600_000,
  build: ({ L, job }) => ({
    title: L('TaskManagers spend 31% of their time in GC', 'TaskManager 31% 的时间花在 GC 上'),
    answer: L(
      'sessionize is slow because its TaskManagers collect garbage 31% of the time: live objects fill 86% of the heap. Move the state to RocksDB or give 2.5 GiB more heap.',
      'sessionize 变慢，是因为 TaskManager 31% 的时间在做垃圾回收：存活对象占满了 86% 的堆。请把状态移到 RocksDB，或增加 2.5 GiB 堆内存。',
    ),
    vertices: [
      vertex('v1', 'Source: clicks', 6, {
        isSource: true,
        pressed: 0.55,
        rate: 21_000,
        lagSeconds: 95,
        mark: 'pressured',
        taskManagers: 3,
      }),
      vertex('v2', SESSIONS, 6, {
        rate: 21_000,
        mark: 'cause',
        taskManagers: 3,
        busy: [0.91, 0.94, 0.9, 0.95, 0.92, 0.93],
      }),
      vertex('v3', 'Sink: sessions (files)', 3, {
        isSink: true,
        rate: 410,
        mark: 'idle',
        taskManagers: 3,
        busy: [0.02, 0.03, 0.02],
      }),
    ],
    edges: [edge('v1', 'v2', 'HASH', 0.55), edge('v2', 'v3', 'REBALANCE', 0)],
    taskManagers: [1, 2, 3].map((n) =>
      taskManager(n, {
        host: `worker-${n}.prod-b.internal`,
        gcTimeRatio: 0.29 + n / 100,
        heapUsedBytes: 1.36 * 2 ** 30,
        managedUsedBytes: 0,
        cpuCoresUsed: 3.4,
      }),
    ),
    findings: [
      finding(job, 'gc-pressure', {
        category: 'memory',
        severity: 'critical',
        confidence: 0.91,
        subject: { kind: 'vertex', vertexId: 'v2', vertexName: SESSIONS },
        title: L('TaskManagers spend 31% of their time in GC', 'TaskManager 31% 的时间花在 GC 上'),
        summary: L(
          'After each full collection 86% of the heap is still alive: it is the windows’ lists, not garbage. Busy follows GC time (correlation 0.84).',
          '每次 Full GC 之后堆里仍有 86% 存活：那是窗口里的列表，而不是垃圾。繁忙度随 GC 时间变化（相关系数 0.84）。',
        ),
        evidence: [
          evidence('gcTimeRatio', L('time in GC, mean of 3', 'GC 时间占比，3 个平均'), 0.31, 'ratio', 0.1, '>='),
          evidence('heapLiveRatio', L('heap alive after full GC', 'Full GC 后存活占比'), 0.86, 'ratio', 0.7, '>=', 15),
          evidence('busyGcCorrelation', L('busy follows GC', '繁忙度与 GC 相关'), 0.84, 'ratio', 0.6, '>=', 15),
        ],
        wouldChange: [L('the heap falls under 60% after a full collection', 'Full GC 后存活降到 60% 以下')],
      }),
      finding(job, 'bp-gc-induced', {
        category: 'backpressure',
        severity: 'warning',
        role: 'symptom',
        rank: 2,
        causedBy: [idOf(job, 'gc-pressure')],
        title: L('Backpressure on the source', '数据源受到反压'),
        summary: L('The source is held back 55% of the time.', '数据源 55% 的时间受阻。'),
        evidence: [evidence('backPressuredRatio', L('held back', '受阻'), 0.55, 'ratio', 0.5, '>=')],
      }),
      finding(job, 'gc-serial', {
        category: 'memory',
        severity: 'info',
        basis: 'configuration',
        rank: 8,
        confidence: 1,
        title: L('The JVM collects with one thread', 'JVM 只用一个线程回收'),
        summary: L(
          '-XX:+UseSerialGC is set on TaskManagers with 4 cores.',
          '4 核的 TaskManager 上设置了 -XX:+UseSerialGC。',
        ),
        evidence: [],
      }),
    ],
    recommendations: [
      {
        id: 'rec-rocksdb',
        findings: [idOf(job, 'gc-pressure')],
        state: 'proposed',
        kind: 'state',
        title: L('Keep the windows in RocksDB', '把窗口状态放到 RocksDB'),
        changes: [
          { scope: 'job', key: 'state.backend.type', from: 'hashmap', to: 'rocksdb', unit: '' },
          { scope: 'job', key: 'execution.checkpointing.incremental', from: 'false', to: 'true', unit: '' },
        ],
        diffs: {
          'config.yaml':
            '-state.backend.type: hashmap\n+state.backend.type: rocksdb\n+execution.checkpointing.incremental: true',
          'flink-conf.yaml': '-state.backend: hashmap\n+state.backend: rocksdb\n+state.backend.incremental: true',
          FlinkDeployment:
            'spec:\n  flinkConfiguration:\n    state.backend.type: rocksdb\n    execution.checkpointing.incremental: "true"',
          cli: '-Dstate.backend.type=rocksdb -Dexecution.checkpointing.incremental=true',
        },
        expected: [
          {
            metric: 'gcTimeRatio',
            label: L('time in GC', 'GC 时间占比'),
            from: 0.31,
            to: 0.03,
            low: 0.01,
            high: 0.06,
            unit: 'ratio',
          },
        ],
        cost: { slots: 0, taskManagers: 0, memoryBytes: 0 },
        prerequisites: [
          L(
            'A savepoint in canonical format: the two backends read no other of each other.',
            '用 canonical 格式的 savepoint：两种后端之间只能用它。',
          ),
        ],
        risk: {
          restart: 'savepoint',
          stateLoss: false,
          note: L('Each access to state costs more CPU.', '每次访问状态会多用一些 CPU。'),
        },
        verify: [
          {
            metric: 'gcTimeRatio',
            label: L('time in GC', 'GC 时间占比'),
            comparison: '<=',
            target: 0.05,
            unit: 'ratio',
          },
        ],
        rejected: [
          {
            alternative: L('More parallelism on the same TaskManagers', '在同样的 TaskManager 上增加并行度'),
            why: L('the heap is shared by the slots.', '堆由各槽位共用。'),
          },
        ],
        confidence: 0.78,
        sources: [],
      },
      {
        id: 'rec-heap',
        findings: [idOf(job, 'gc-pressure')],
        state: 'proposed',
        kind: 'memory',
        title: L('Give each TaskManager 2.5 GiB more', '每个 TaskManager 增加 2.5 GiB'),
        changes: [
          { scope: 'taskmanager', key: 'taskmanager.memory.process.size', from: '4096m', to: '6656m', unit: '' },
        ],
        diffs: {
          'config.yaml': '-taskmanager.memory.process.size: 4096m\n+taskmanager.memory.process.size: 6656m',
          FlinkDeployment: 'spec:\n  taskManager:\n    resource:\n      memory: 6656m',
        },
        expected: [
          {
            metric: 'gcTimeRatio',
            label: L('time in GC', 'GC 时间占比'),
            from: 0.31,
            to: 0.06,
            low: 0.03,
            high: 0.12,
            unit: 'ratio',
          },
        ],
        cost: { slots: 0, taskManagers: 0, memoryBytes: 7.5 * 2 ** 30 },
        prerequisites: [],
        risk: { restart: 'cluster', stateLoss: false, note: '' },
        verify: [],
        rejected: [],
        confidence: 0.7,
        sources: [],
      },
    ],
  }),
  checkpoints: (nowMs) => ({
    intervalMs: 120_000,
    timeoutMs: 600_000,
    checkpoints: checkpoints({
      nowMs,
      everyMs: 120_000,
      count: 34,
      durationMs: () => 16_000,
      phases: [0.2, 0.1, 0.45, 0.2],
      vertexId: 'v2',
      vertexName: SESSIONS,
      subtask: 1,
      stateBytes: 3.1 * 2 ** 30,
      timeoutMs: 600_000,
    }),
  }),
  events: (L, nowMs) => [
    {
      atMs: nowMs - 40 * 60_000,
      kind: 'finding',
      severity: 'critical',
      title: L('Found: TaskManagers spend 31% of their time in GC', '诊断：TaskManager 31% 的时间花在 GC 上'),
    },
  ],
  exceptions: () => [],
};
