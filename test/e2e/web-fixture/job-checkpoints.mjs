import { checkpoints, edge, evidence, finding, idOf, ramp, taskManager, vertex } from './make.mjs';

const JOIN = 'join: IntervalJoin(impressions, clicks) 15 min';

/** Storage too slow for the state: checkpoints expire. The graph has two sources. */
export const slowCheckpoints = {
  row: {
    cluster: 'prod-b',
    jobId: 'e2a4f1d09b7c4c55b1d80f6e93a7c004',
    name: 'ads-click-join',
    parallelism: 12,
    worst: 'warning',
    health: 70,
    lagSeconds: 0,
  },
  trend: ramp(0, 0.4, 30, 2),
  health: ramp(74, 70, 30, 6),
  uptimeMs: 6 * 86_400_000,
  build: ({ L, job }) => ({
    title: L('One checkpoint in five expires: storage writes 9 MB/s', '五分之一的 checkpoint 超时：存储写入仅 9 MB/s'),
    answer: L(
      'One checkpoint in five expires. The data is not the problem: each subtask writes only 9 MB/s to the checkpoint storage, and 22 GiB are rewritten each time.',
      '五分之一的 checkpoint 超时。问题不在数据流：每个子任务写 checkpoint 存储只有 9 MB/s，而每次都要重写 22 GiB。',
    ),
    vertices: [
      vertex('v1', 'Source: impressions -> Timestamps', 12, {
        isSource: true,
        rate: 48_000,
        lagSeconds: 0,
        taskManagers: 3,
      }),
      vertex('v2', 'Source: clicks -> Timestamps', 6, {
        isSource: true,
        rate: 2_100,
        lagSeconds: 0,
        mark: 'idle',
        busy: Array(6).fill(0.04),
        taskManagers: 3,
      }),
      vertex('v3', JOIN, 12, {
        rate: 50_100,
        mark: 'cause',
        taskManagers: 3,
        busy: Array.from({ length: 12 }, (_, i) => 0.42 + i / 100),
      }),
      vertex('v4', 'score: AsyncWait(model)', 12, { rate: 1_900, taskManagers: 3 }),
      vertex('v5', 'Sink: scored-clicks', 4, {
        isSink: true,
        rate: 1_900,
        mark: 'idle',
        busy: Array(4).fill(0.03),
        taskManagers: 3,
      }),
      vertex('v6', 'Sink: late-clicks', 4, {
        isSink: true,
        rate: 12,
        mark: 'idle',
        busy: Array(4).fill(0.01),
        taskManagers: 3,
      }),
    ],
    edges: [
      edge('v1', 'v3', 'HASH', 0.03),
      edge('v2', 'v3', 'HASH', 0),
      edge('v3', 'v4', 'REBALANCE', 0.02),
      edge('v4', 'v5', 'REBALANCE', 0),
      edge('v3', 'v6', 'REBALANCE', 0),
    ],
    taskManagers: [1, 2, 3].map((n) =>
      taskManager(n, { host: `worker-${n}.prod-b.internal`, managedUsedBytes: 1.15 * 2 ** 30 }),
    ),
    findings: [
      finding(job, 'ckpt-async', {
        category: 'checkpoint',
        severity: 'warning',
        confidence: 0.87,
        subject: { kind: 'vertex', vertexId: 'v3', vertexName: JOIN },
        title: L(
          'One checkpoint in five expires: storage writes 9 MB/s',
          '五分之一的 checkpoint 超时：存储写入仅 9 MB/s',
        ),
        summary: L(
          '91% of a checkpoint’s time is the asynchronous part. State size is flat, so it is the storage, and every checkpoint writes all of it.',
          'checkpoint 91% 的时间花在异步阶段。状态大小没有增长，所以是存储慢，而且每次都写全量。',
        ),
        evidence: [
          evidence(
            'ckptAsyncShare',
            L('async part of the slowest subtask', '最慢子任务的异步占比'),
            0.91,
            'ratio',
            0.5,
            '>=',
            60,
          ),
          evidence('ckptWriteRate', L('written, each subtask', '每个子任务写入'), 9.4e6, 'bytes/s', 20e6, '<', 60),
          evidence('ckptFailedRatio', L('expired, of the last 50', '最近 50 次中超时'), 0.2, 'ratio', 0.1, '>=', 100),
        ],
        wouldChange: [L('start delay grows beyond half of the time', '启动延迟超过一半')],
        snoozed: undefined,
      }),
      finding(job, 'ckpt-full-rocksdb', {
        category: 'checkpoint',
        severity: 'info',
        confidence: 0.95,
        rank: 4,
        subject: { kind: 'job' },
        title: L('Every checkpoint writes the whole state', '每次 checkpoint 都写全量状态'),
        summary: L('Written and total size are equal in the last 50.', '最近 50 次的写出量与总量相同。'),
        evidence: [evidence('ckptWrittenShare', L('written of total', '写出占总量'), 1, 'ratio', 0.9, '>=', 60)],
      }),
    ],
    recommendations: [
      {
        id: 'rec-incremental',
        findings: [idOf(job, 'ckpt-async')],
        state: 'applied',
        kind: 'checkpoint',
        title: L('Write only what changed', '只写有变化的部分'),
        changes: [{ scope: 'job', key: 'execution.checkpointing.incremental', from: 'false', to: 'true', unit: '' }],
        diffs: {
          'config.yaml': '-execution.checkpointing.incremental: false\n+execution.checkpointing.incremental: true',
          FlinkDeployment: 'spec:\n  flinkConfiguration:\n    execution.checkpointing.incremental: "true"',
          cli: '-Dexecution.checkpointing.incremental=true',
        },
        expected: [
          {
            metric: 'checkpointDuration',
            label: L('checkpoint takes', 'checkpoint 耗时'),
            from: 190,
            to: 31,
            low: 22,
            high: 48,
            unit: 's',
          },
        ],
        cost: { slots: 0, taskManagers: 0, memoryBytes: 0 },
        prerequisites: [],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: L(
            'Restore reads several checkpoints and takes about 20% longer.',
            '恢复时要读多个 checkpoint，约慢 20%。',
          ),
        },
        verify: [
          {
            metric: 'checkpointDuration',
            label: L('checkpoint takes', 'checkpoint 耗时'),
            comparison: '<=',
            target: 60,
            unit: 's',
          },
        ],
        rejected: [
          {
            alternative: L('A longer timeout', '加长超时'),
            why: L('it hides the cause, and a failure would replay more.', '只是掩盖原因，失败后要重放更多数据。'),
          },
        ],
        confidence: 0.9,
        sources: [],
      },
    ],
  }),
  checkpoints: (nowMs) => ({
    intervalMs: 120_000,
    timeoutMs: 300_000,
    checkpoints: checkpoints({
      nowMs,
      everyMs: 120_000,
      durationMs: () => 190_000,
      phases: [0.03, 0.02, 0.02, 0.91],
      vertexId: 'v3',
      vertexName: JOIN,
      subtask: 7,
      stateBytes: 22 * 2 ** 30,
      failedEvery: 5,
      timeoutMs: 300_000,
    }),
  }),
  events: (L, nowMs) => [
    {
      atMs: nowMs - 100 * 60_000,
      kind: 'finding',
      severity: 'warning',
      title: L('Found: one checkpoint in five expires', '诊断：五分之一的 checkpoint 超时'),
    },
    ...[18, 28, 38, 48, 58].map((minutes) => ({
      atMs: nowMs - minutes * 60_000,
      kind: 'checkpoint',
      severity: 'warning',
      title: L('Checkpoint expired after 5 min', 'Checkpoint 在 5 分钟后超时'),
    })),
  ],
  exceptions: () => [],
};
