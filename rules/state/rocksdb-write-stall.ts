import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { rocksdbReadings, tickerPerSecond, usesRocksdb } from '../../analyzer/signals/rocksdb.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { bytes, duration, text } from '../../analyzer/text.js';
import { lastAre, notTold, ROCKSDB_DOCS } from '../support/rocksdb.js';
import { vertexSubject } from '../support/subjects.js';

const THREADS = 'state.backend.rocksdb.thread.num';
/** Flink's default since 1.14; RocksDB's own before. */
const DEFAULT_THREADS = 2;
const WANTED_THREADS = 4;
const STOPPED = 'state.backend.rocksdb.metrics.is-write-stopped';
const DELAYED = 'state.backend.rocksdb.metrics.actual-delayed-write-rate';

export const rocksdbWriteStall = defineRule({
  id: 'rocksdb-write-stall',
  category: 'state',
  title: text('RocksDB holds writes back', 'RocksDB 限制写入'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    // Diagnosis §5.6.
    stallMsPerSecond: {
      default: 10,
      unit: 'ms',
      description: 'stalled time per second and subtask from which it counts',
    },
  },
  detect({ job, history }, { stallMsPerSecond }) {
    if (!usesRocksdb(history)) return [];
    const told = history.vertices.map((vertex) => ({
      vertex,
      stopped: rocksdbReadings(vertex, 'is-write-stopped'),
      delayed: rocksdbReadings(vertex, 'actual-delayed-write-rate'),
      stalled: rocksdbReadings(vertex, 'stall.micros'),
    }));
    if (told.every(({ stopped, delayed, stalled }) => stopped.length + delayed.length + stalled.length === 0)) {
      return { notEvaluated: notTold(`${STOPPED} or ${DELAYED}`) };
    }
    return told.flatMap(({ vertex, stopped, delayed, stalled }): Verdict[] => {
      const isStopped = (stopped.at(-1)?.max ?? 0) >= 1;
      const held = lastAre(delayed, 2, (reading) => reading.max > 0);
      const microsPerSecond = tickerPerSecond(stalled);
      const stallMs = (microsPerSecond ?? 0) / 1000 / Math.max(1, vertex.parallelism ?? 1);
      const isStalled = stallMs >= stallMsPerSecond;
      if (!isStopped && held === undefined && !isStalled) return [];
      const name = job.vertexName(vertex.vertexId);
      return [
        {
          severity: isStopped ? 'critical' : 'warning',
          confidence: 0.9,
          subject: vertexSubject(job, vertex.vertexId),
          title: isStopped
            ? text(`RocksDB has stopped the writes of ${name}`, `RocksDB 已停止 ${name} 的写入`)
            : text(`RocksDB holds the writes of ${name} back`, `RocksDB 正在限制 ${name} 的写入`),
          summary: text(
            `Flushes or compactions do not keep up, so writes wait${held === undefined ? '' : ` (${bytes(held.max)}/s are let through)`}${isStalled ? ` (${duration(stallMs)} of each second)` : ''}. It counts as busy time. More managed memory makes fewer and larger flushes; more threads compact faster where cores are free.`,
            `刷写或压实跟不上，写入在等待${held === undefined ? '' : `（放行 ${bytes(held.max)}/s）`}${isStalled ? `（每秒 ${duration(stallMs)}）` : ''}，这部分计入繁忙。更多托管内存减少刷写次数；有空闲核时更多线程可加快压实。`,
          ),
          evidence: [
            ...evidence('delayedWriteBytesPerSecond', held?.max, 120_000, ['>', 0]),
            ...(isStalled ? evidence('stallMsPerSecond', stallMs, 60_000, ['>=', stallMsPerSecond]) : []),
            ...(isStopped ? evidence('stallMsPerSecond', 1000, 60_000) : []),
          ],
          wouldChange: [text('RocksDB lets writes through again', 'RocksDB 恢复放行写入')],
        },
      ];
    });
  },
  advise(_finding, { job, history }) {
    const { configuration } = history;
    const now = Number(configuration[THREADS] ?? DEFAULT_THREADS);
    if (!(now < WANTED_THREADS)) return [];
    const changes = [optionChange('taskmanager', THREADS, WANTED_THREADS, configuration)];
    return [
      {
        kind: 'state',
        title: text('Let RocksDB flush and compact with four threads', '让 RocksDB 用 4 个线程刷写与压实'),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [
          {
            metric: 'stallMsPerSecond',
            label: labelOf('stallMsPerSecond'),
            from: 1000,
            to: 0,
            low: 0,
            high: 500,
            unit: 'ms',
          },
        ],
        cost: NO_COST,
        prerequisites: [text('each TaskManager has a core to spare', '每个 TaskManager 有空闲的核')],
        risk: { restart: 'job', stateLoss: false, note: text('the job restarts', '作业重启') },
        verify: [
          { metric: 'stallMsPerSecond', label: labelOf('stallMsPerSecond'), comparison: '=', target: 0, unit: 'ms' },
        ],
        rejected: [
          {
            alternative: text('more parallelism on the same TaskManagers', '在同样的 TaskManager 上提高并行度'),
            why: text('they share the managed memory: each instance gets less', '它们共用托管内存，每个实例更少'),
          },
        ],
        confidence: 0.6,
        sources: [ROCKSDB_DOCS, 'https://github.com/facebook/rocksdb/wiki/Write-Stalls'],
      },
    ];
  },
});
