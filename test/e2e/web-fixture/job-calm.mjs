import { checkpoints, edge, evidence, finding, idOf, ramp, taskManager, vertex } from './make.mjs';

const plan = (p, busy) => ({
  vertices: [
    vertex('v1', 'Source: events', p, {
      isSource: true,
      rate: 900,
      lagSeconds: 0,
      busy: Array(p).fill(busy),
      mark: busy < 0.1 ? 'idle' : 'working',
    }),
    vertex('v2', 'aggregate: TumblingWindow 1 min', p, {
      rate: 900,
      busy: Array(p).fill(busy * 1.4),
      mark: busy < 0.1 ? 'idle' : 'working',
    }),
    vertex('v3', 'Sink: totals', 2, { isSink: true, rate: 15, busy: [0.01, 0.01], mark: 'idle' }),
  ],
  edges: [edge('v1', 'v2', 'HASH', 0), edge('v2', 'v3', 'REBALANCE', 0)],
});

const calmCheckpoints = (nowMs) => ({
  intervalMs: 60_000,
  timeoutMs: 600_000,
  checkpoints: checkpoints({
    nowMs,
    everyMs: 60_000,
    durationMs: () => 620,
    phases: [0.1, 0.05, 0.1, 0.6],
    vertexId: 'v2',
    vertexName: 'aggregate',
    subtask: 0,
    stateBytes: 40 * 2 ** 20,
    timeoutMs: 600_000,
  }),
});

export const healthy = {
  row: {
    cluster: 'prod-a',
    jobId: '1d5b0f3a6c8e47d2a9f4c0b1e7d83625',
    name: 'page-view-totals',
    parallelism: 4,
    worst: 'ok',
    health: 98,
    lagSeconds: 0,
  },
  trend: ramp(0, 0, 30, 1),
  health: ramp(97, 98, 30, 2),
  uptimeMs: 21 * 86_400_000,
  build: ({ L }) => ({
    answer: L(
      'All is well: the busiest subtask is 25% busy, there is no lag, and checkpoints take 0.6 s. Nothing to change.',
      '一切正常：最忙的子任务繁忙度 25%，没有延迟，checkpoint 用时 0.6 秒。无需改动。',
    ),
    ...plan(4, 0.18),
    taskManagers: [taskManager(1), taskManager(2)],
    findings: [],
    recommendations: [],
  }),
  checkpoints: calmCheckpoints,
  events: () => [],
  exceptions: () => [],
};

export const overProvisioned = {
  row: {
    cluster: 'prod-a',
    jobId: '93ab5cc2e4f04b0f8f31d2a6b7e50c48',
    name: 'audit-log-archive',
    parallelism: 16,
    worst: 'info',
    health: 92,
    lagSeconds: 0,
  },
  trend: ramp(0, 0, 30, 1),
  health: ramp(92, 92, 30, 2),
  uptimeMs: 33 * 86_400_000,
  build: ({ L, job }) => ({
    title: L('Sixteen subtasks do the work of four', '十六个子任务做着四个的活'),
    answer: L(
      'It runs well and far too large: at its daily peak it is 9% busy. Four subtasks would do, and free 12 slots.',
      '运行良好，但规模过大：每日高峰时繁忙度也只有 9%。四个子任务就够，可腾出 12 个槽位。',
    ),
    ...plan(16, 0.04),
    taskManagers: [taskManager(1), taskManager(2), taskManager(3), taskManager(4)],
    findings: [
      finding(job, 'par-over', {
        category: 'capacity',
        severity: 'info',
        confidence: 0.9,
        subject: { kind: 'job' },
        title: L('Sixteen subtasks do the work of four', '十六个子任务做着四个的活'),
        summary: L(
          'Over seven days, peaks included, no vertex was more than 9% busy.',
          '七天之内（含高峰），没有算子的繁忙度超过 9%。',
        ),
        evidence: [evidence('busyRatioPeak', L('busy at the peak', '高峰繁忙度'), 0.09, 'ratio', 0.3, '<=', 10_080)],
        wouldChange: [L('a peak above 30% busy', '高峰繁忙度超过 30%')],
      }),
    ],
    recommendations: [
      {
        id: 'rec-par',
        findings: [idOf(job, 'par-over')],
        state: 'proposed',
        kind: 'parallelism',
        title: L('Parallelism 16 → 4', '并行度 16 → 4'),
        changes: [{ scope: 'job', key: 'parallelism.default', from: 16, to: 4, unit: '' }],
        diffs: {
          'config.yaml': '-parallelism.default: 16\n+parallelism.default: 4',
          FlinkDeployment: 'spec:\n  job:\n    parallelism: 4',
          rest: 'PUT /jobs/93ab5cc2e4f04b0f8f31d2a6b7e50c48/resource-requirements\n{ "v1": { "parallelism": { "lowerBound": 1, "upperBound": 4 } } }',
        },
        expected: [
          {
            metric: 'busyRatio',
            label: L('busy at the peak', '高峰繁忙度'),
            from: 0.09,
            to: 0.36,
            low: 0.3,
            high: 0.44,
            unit: 'ratio',
          },
        ],
        cost: { slots: -12, taskManagers: -3, memoryBytes: -12 * 2 ** 30 },
        prerequisites: [],
        risk: { restart: 'job', stateLoss: false, note: '' },
        verify: [
          {
            metric: 'busyRatio',
            label: L('busy at the peak', '高峰繁忙度'),
            comparison: '<=',
            target: 0.7,
            unit: 'ratio',
          },
        ],
        rejected: [
          {
            alternative: L('Parallelism 2', '并行度 2'),
            why: L('no room to catch up after a restart.', '重启后没有余力追赶。'),
          },
        ],
        confidence: 0.88,
        sources: [],
      },
    ],
  }),
  checkpoints: calmCheckpoints,
  events: () => [],
  exceptions: () => [],
};
