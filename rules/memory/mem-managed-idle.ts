import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { diffsFor } from '../../analyzer/tuning/advice.js';
import { budgetFor, processSizeForHeap } from '../../analyzer/tuning/memory/budget.js';
import { mebibytes } from '../../analyzer/tuning/values/memory-size.js';
import { bytes, text } from '../../analyzer/text.js';
import { MANAGED_NOT_TOLD } from '../support/not-told.js';
import { managedIsIdle } from '../support/heap-advice.js';
import { runningHere } from '../../analyzer/signals/task-managers.js';

export const memManagedIdle = defineRule({
  id: 'mem-managed-idle',
  category: 'memory',
  title: text('Managed memory is reserved and not used', '托管内存已预留但未使用'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'slots', 'history', 'configuration'],
  options: {
    minBytes: {
      default: 64 * 1024 * 1024,
      unit: 'bytes',
      description: 'reserved memory per TaskManager below which it is not worth a word',
    },
  },
  detect({ taskManagers, history }, { minBytes }) {
    const alive = runningHere(taskManagers);
    if (alive.every((tm) => tm.managedUsedBytes === undefined)) return { notEvaluated: MANAGED_NOT_TOLD };
    const total = alive.map((tm) => tm.managedTotalBytes ?? 0).reduce((a, b) => a + b, 0);
    if (alive.length === 0 || !alive.every(managedIsIdle) || total < minBytes * alive.length) return [];
    // RocksDB takes its whole budget when it opens, so 0 used is proof; another backend in the config is a second sign.
    if (/rocksdb|forst/i.test(history.checkpointConfig?.stateBackend ?? '')) return [];
    const windowMs = Math.min(...alive.map((tm) => tm.windowMs));
    return [
      {
        severity: 'info' as const,
        confidence: 0.85,
        subject: { kind: 'job' as const },
        title: text(
          `${bytes(total)} of managed memory is reserved and never used`,
          `预留了 ${bytes(total)} 托管内存但从未使用`,
        ),
        summary: text(
          `No operator of this job takes managed memory (its state is on the heap). On ${alive.length} TaskManager(s) it only makes the process larger.`,
          `该作业没有算子使用托管内存（状态在堆上）。它只是让 ${alive.length} 个 TaskManager 的进程更大。`,
        ),
        evidence: [
          ...evidence('managedUsedBytes', 0, windowMs, ['=', 0]),
          ...evidence('managedTotalBytes', total, windowMs, ['>=', minBytes]),
        ],
        wouldChange: [
          text(
            'an operator reserves managed memory (RocksDB, sorting, Python)',
            '有算子申请托管内存（RocksDB、排序、Python）',
          ),
        ],
      },
    ];
  },
  advise(_finding, { job, taskManagers, slots, history, configuration }) {
    const [tm] = runningHere(taskManagers);
    const processBytes = tm?.memory.totalProcessBytes;
    const now = processBytes === undefined ? undefined : budgetFor(processBytes, configuration, job.flinkVersion);
    if (processBytes === undefined || now === undefined || history.jobsOnCluster > 1) return [];
    const without = { ...configuration, 'taskmanager.memory.managed.size': '0' };
    const wanted = processSizeForHeap(now.taskHeapBytes + now.frameworkHeapBytes, without, job.flinkVersion);
    if (wanted === undefined || wanted >= processBytes) return [];
    const count = slots.taskManagers ?? 1;
    const changes = [
      {
        scope: 'taskmanager' as const,
        key: 'taskmanager.memory.managed.size',
        from: configuration['taskmanager.memory.managed.size'] ?? null,
        to: '0m',
        unit: 'bytes',
      },
      {
        scope: 'taskmanager' as const,
        key: 'taskmanager.memory.process.size',
        from: configuration['taskmanager.memory.process.size'] ?? mebibytes(processBytes),
        to: mebibytes(wanted),
        unit: 'bytes',
      },
    ];
    return [
      {
        kind: 'memory',
        title: text(
          `Run TaskManagers with ${bytes(wanted)} instead of ${bytes(processBytes)}: the same heap, no managed memory`,
          `TaskManager 内存从 ${bytes(processBytes)} 降为 ${bytes(wanted)}：堆不变，去掉托管内存`,
        ),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [
          {
            metric: 'processBytes',
            label: text('memory of one TaskManager', '单个 TaskManager 的内存'),
            from: processBytes,
            to: wanted,
            low: wanted,
            high: wanted,
            unit: 'bytes',
          },
        ],
        cost: { ...NO_COST, memoryBytes: (wanted - processBytes) * count },
        prerequisites: [
          text(
            'no job planned for this cluster uses RocksDB, Python or batch operators',
            '集群上没有计划使用 RocksDB、Python 或批处理算子的作业',
          ),
        ],
        risk: {
          restart: 'cluster',
          stateLoss: false,
          note: text(
            'TaskManagers restart; jobs resume from their last checkpoint',
            'TaskManager 重启，作业从最近检查点恢复',
          ),
        },
        verify: [
          {
            metric: 'managedTotalBytes',
            label: labelOf('managedTotalBytes'),
            comparison: '=',
            target: 0,
            unit: 'bytes',
          },
        ],
        rejected: [],
        confidence: 0.85,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/memory/mem_tuning/'],
      },
    ];
  },
});
