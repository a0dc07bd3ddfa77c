import { healthy, overProvisioned } from './job-calm.mjs';
import { slowCheckpoints } from './job-checkpoints.mjs';
import { gcPressure } from './job-gc.mjs';
import { hotKey } from './job-hot-key.mjs';
import { slowSink } from './job-slow-sink.mjs';
import { between, series } from './make.mjs';
import { rulePage, RULES } from './rules.mjs';

const STARTED_MS = Date.now() - 3 * 3_600_000;
const LOST_MS = Date.now() - 47 * 60_000;

/** Written by someone who does not wish us well: it must show as text everywhere. */
const HOSTILE = '<img src=x onerror="alert(1)"> {{7*7}} Sink: "][javascript:alert(1)';

const lost = {
  ...healthy,
  row: {
    cluster: 'eu-west',
    jobId: '77aa00bb11cc22dd33ee44ff55aa66bb',
    name: 'inventory-sync',
    parallelism: 4,
    worst: 'unknown',
    lagSeconds: 3,
  },
  health: undefined,
};
const hostile = {
  ...healthy,
  row: { ...healthy.row, jobId: '6666aaaa7777bbbb8888cccc9999dddd', name: HOSTILE, health: 95 },
};
const others = Array.from({ length: 11 }, (_, i) => ({
  ...healthy,
  row: {
    ...healthy.row,
    cluster: i % 2 ? 'prod-b' : 'prod-a',
    jobId: `${i}`.padStart(32, 'a'),
    name: `metrics-rollup-${i + 1}`,
    health: 94 + (i % 6),
  },
}));
const DEMOS = [hotKey, slowSink, gcPressure, slowCheckpoints, overProvisioned, healthy, lost, hostile, ...others];

export function answer(words, query, context) {
  const { language, nowMs, mode } = context;
  const L = (en, zh) => (language === 'zh-CN' ? zh : en);
  const simulated = mode !== 'real';
  const demos = mode === 'empty' ? [] : mode === 'well' ? [healthy, ...others] : DEMOS;
  const [first, cluster, jobId, part] = words;

  if (first === 'clusters') return { clusters: clusters(L, nowMs, mode, simulated) };
  if (first === 'jobs' && cluster === undefined) return { jobs: demos.map((demo) => row(demo, L, nowMs, simulated)) };
  if (first === 'rules') return cluster === undefined ? { rules: RULES(L) } : rulePage(cluster, L);
  if (first === 'status') return status(L, nowMs, mode, simulated);
  if (first !== 'jobs') return undefined;

  const demo = demos.find((it) => it.row.cluster === cluster && it.row.jobId === jobId);
  if (demo === undefined) return undefined;
  const job = { ...demo.row, nowMs, simulated };
  if (part === undefined) return page(demo, job, L, nowMs, clusters(L, nowMs, mode, simulated), simulated);
  if (part === 'checkpoints') return demo.checkpoints(demo === lost ? LOST_MS : nowMs);
  if (part === 'events') return { events: demo.events(L, nowMs) };
  if (part === 'exceptions') return { groups: demo.exceptions(nowMs) };
  if (part === 'series') {
    const vertex = demo.build({ L, job, nowMs }).vertices.find((it) => it.vertexId === query.get('vertex'));
    if (vertex === undefined) return undefined;
    return series(
      vertex,
      query.get('metric'),
      Number(query.get('from')),
      Number(query.get('to')),
      Number(query.get('points') ?? 60),
    );
  }
  return undefined;
}

function clusters(L, nowMs, mode, simulated) {
  const one = (name, flinkVersion, taskManagers, slotsTotal, slotsFree, jobsRunning, requestsPerMinute) => ({
    name,
    url: `http://jobmanager.${name}:8081`,
    state: 'reachable',
    flinkVersion,
    taskManagers,
    slotsTotal,
    slotsFree,
    jobsRunning,
    lastReadMs: nowMs - Math.round(between(2000, 6000, nowMs / 5000)),
    requestsPerMinute,
    simulated,
  });
  if (mode === 'empty') return [one('prod-a', '1.20.3', 3, 12, 12, 0, 4)];
  if (mode === 'well') return [one('prod-a', '1.20.3', 12, 48, 8, 9, 42)];
  return [
    one('prod-a', '1.20.3', 12, 48, 8, 9, 42),
    one('prod-b', '2.1.0', 6, 24, 3, 7, 31),
    {
      name: 'eu-west',
      url: 'http://jobmanager.eu-west:8081',
      state: 'unknown',
      failure: L(
        'Connection refused by jobmanager.eu-west:8081. Is the JobManager running, and may this host reach its REST port?',
        'jobmanager.eu-west:8081 拒绝连接。JobManager 在运行吗？本机能访问它的 REST 端口吗？',
      ),
      sinceMs: LOST_MS,
      flinkVersion: '1.18.1',
      lastReadMs: LOST_MS - 6000,
      requestsPerMinute: 2,
      simulated,
    },
  ];
}

function row(demo, L, nowMs, simulated) {
  const { findings, title } = demo.build({ L, job: { ...demo.row, nowMs, simulated }, nowMs });
  const count = (severity) => findings.filter((it) => it.severity === severity && it.basis === 'measured').length;
  const [head] = findings;
  const isLost = demo.row.worst === 'unknown';
  return {
    ...demo.row,
    state: 'RUNNING',
    startMs: nowMs - demo.uptimeMs,
    findings: { critical: count('critical'), warning: count('warning'), info: count('info') },
    ...(head === undefined
      ? {}
      : { headline: { findingId: head.id, rule: head.rule, title: title ?? head.title, severity: head.severity } }),
    lagTrend: demo.trend.map((it) => (it === null ? null : Math.max(0, it))),
    ...(demo.health === undefined ? {} : { healthTrend: demo.health }),
    dataAgeMs: isLost ? nowMs - LOST_MS : 4000,
    simulated,
  };
}

function page(demo, job, L, nowMs, all, simulated) {
  const built = demo.build({ L, job, nowMs });
  const isLost = demo.row.worst === 'unknown';
  const own = all.find((it) => it.name === demo.row.cluster);
  const vertices =
    demo === hostile ? built.vertices.map((it, i) => (i === 1 ? { ...it, name: HOSTILE } : it)) : built.vertices;
  return {
    job: {
      ...row(demo, L, nowMs, simulated),
      flinkVersion: own.flinkVersion,
      type: 'STREAMING',
      uptimeMs: demo.uptimeMs,
    },
    cluster: own,
    answer: isLost
      ? L(
          'Nothing new is known of this job: its cluster does not answer. When last read, it was well.',
          '没有该作业的最新信息：所在集群没有应答。最后一次读取时一切正常。',
        )
      : built.answer,
    vertices,
    edges: built.edges,
    taskManagers: built.taskManagers,
    findings: built.findings,
    recommendations: built.recommendations.map((it) => ({
      cluster: job.cluster,
      jobId: job.jobId,
      jobName: job.name,
      ...it,
    })),
    coverage: {
      windowMs: 15 * 60_000,
      coveredRatio: isLost ? 0 : 0.97,
      lastReadMs: isLost ? LOST_MS - 6000 : nowMs - 4000,
      notEvaluated: isLost
        ? []
        : [
            {
              rule: 'rocksdb-cache-miss',
              reason: L(
                'RocksDB metrics are off: state.backend.rocksdb.metrics.block-cache-hit',
                'RocksDB 指标未开启：state.backend.rocksdb.metrics.block-cache-hit',
              ),
            },
            {
              rule: 'rocksdb-write-stall',
              reason: L(
                'RocksDB metrics are off: state.backend.rocksdb.metrics.block-cache-hit',
                'RocksDB 指标未开启：state.backend.rocksdb.metrics.block-cache-hit',
              ),
            },
            {
              rule: 'bp-serialization',
              reason: L('needs flame graphs: rest.flamegraph.enabled', '需要火焰图：rest.flamegraph.enabled'),
            },
          ],
      clear: isLost
        ? []
        : RULES(L)
            .map((it) => it.id)
            .filter((id) => !built.findings.some((it) => it.rule === id)),
    },
  };
}

function status(L, nowMs, mode, simulated) {
  return {
    version: '0.1.0',
    startedMs: STARTED_MS,
    demo: simulated,
    clusters: clusters(L, nowMs, mode, simulated).map((it, i) => ({
      ...it,
      intervalMs: 10_000,
      ...(i === 1 ? { stretchedToMs: 20_000 } : {}),
    })),
    store: {
      kind: 'duckdb',
      healthy: true,
      notes: [
        L('1.2 GiB of 4 GiB used; the oldest figures are 26 days old.', '已用 1.2 GiB / 4 GiB；最早的数据为 26 天前。'),
      ],
      droppedSamples: 0,
    },
  };
}
