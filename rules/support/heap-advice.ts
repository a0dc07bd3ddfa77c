import { labelOf } from '../../analyzer/engine/evidence.js';
import type { Advice, ExpectedEffect } from '../../analyzer/engine/recommendation.js';
import type { TaskManagerLoad } from '../../analyzer/signals/task-managers.js';
import { diffsFor, type AdviceContext } from '../../analyzer/tuning/advice.js';
import { budgetFor, processSizeForHeap } from '../../analyzer/tuning/memory/budget.js';
import { mebibytes, parseMemorySize } from '../../analyzer/tuning/values/memory-size.js';
import { bytes, text } from '../../analyzer/text.js';

/** Managed memory that nobody uses may become heap: no RocksDB, no batch or Python operator took any of it. */
export function managedIsIdle(taskManager: TaskManagerLoad): boolean {
  return taskManager.managedUsedBytes === 0 && (taskManager.managedTotalBytes ?? 0) > 0;
}

/**
 * The change that gives a TaskManager's JVM this much heap: idle managed memory first, which costs nothing, then a
 * larger process, by Flink's memory model (F3). Undefined when its total process size is not known.
 */
export function heapAdvice(
  taskManager: TaskManagerLoad,
  heapBytes: number,
  expected: readonly ExpectedEffect[],
  context: AdviceContext & { readonly configuration: Readonly<Record<string, string>> },
): Advice | undefined {
  const { configuration, job, history, slots } = context;
  const processBytes =
    taskManager.memory.totalProcessBytes ?? parseMemorySize(configuration['taskmanager.memory.process.size'] ?? '');
  if (processBytes === undefined) return undefined;
  const giveManaged = managedIsIdle(taskManager);
  const without = giveManaged ? { ...configuration, 'taskmanager.memory.managed.size': '0' } : configuration;
  const asIs = budgetFor(processBytes, without, job.flinkVersion);
  const enough = asIs !== undefined && asIs.taskHeapBytes + asIs.frameworkHeapBytes >= heapBytes;
  const wantedBytes = enough ? processBytes : processSizeForHeap(heapBytes, without, job.flinkVersion);
  const reached = wantedBytes === undefined ? undefined : budgetFor(wantedBytes, without, job.flinkVersion);
  if (wantedBytes === undefined || reached === undefined) return undefined;
  const changes = [
    ...(giveManaged
      ? [
          {
            scope: 'taskmanager' as const,
            key: 'taskmanager.memory.managed.size',
            from: configuration['taskmanager.memory.managed.size'] ?? null,
            to: '0m',
            unit: 'bytes',
          },
        ]
      : []),
    ...(wantedBytes > processBytes
      ? [
          {
            scope: 'taskmanager' as const,
            key: 'taskmanager.memory.process.size',
            from: configuration['taskmanager.memory.process.size'] ?? mebibytes(processBytes),
            to: mebibytes(wantedBytes),
            unit: 'bytes',
          },
        ]
      : []),
  ];
  const heap = reached.taskHeapBytes + reached.frameworkHeapBytes;
  return {
    kind: 'memory',
    title: text(
      `Give each TaskManager ${bytes(heap)} of heap instead of ${bytes(taskManager.heapMaxBytes ?? 0)}`,
      `将每个 TaskManager 的堆从 ${bytes(taskManager.heapMaxBytes ?? 0)} 增加到 ${bytes(heap)}`,
    ),
    changes,
    diffs: diffsFor(changes, { job, history }),
    expected,
    cost: { slots: 0, taskManagers: 0, memoryBytes: (wantedBytes - processBytes) * (slots.taskManagers ?? 1) },
    prerequisites: [
      ...(wantedBytes > processBytes
        ? [
            text(
              `each machine or container has ${bytes(wantedBytes - processBytes)} more memory`,
              `每台机器或容器还有 ${bytes(wantedBytes - processBytes)} 内存`,
            ),
          ]
        : []),
      ...(giveManaged
        ? [
            text(
              'no job on this cluster uses RocksDB, Python or batch operators',
              '集群上没有作业使用 RocksDB、Python 或批处理算子',
            ),
          ]
        : []),
    ],
    risk: {
      restart: 'cluster',
      stateLoss: false,
      note: text(
        'TaskManagers restart; jobs resume from their last checkpoint',
        'TaskManager 重启，作业从最近检查点恢复',
      ),
    },
    verify: [{ metric: 'gcTimeRatio', label: labelOf('gcRatio'), comparison: '<', target: 0.05, unit: 'ratio' }],
    rejected: [
      {
        alternative: text('more parallelism on the same TaskManagers', '在同样的 TaskManager 上提高并行度'),
        why: text('the subtasks share one heap: more of them collect more', '子任务共用一个堆，数量越多回收越多'),
      },
      {
        alternative: text('other garbage collector flags', '更换垃圾回收参数'),
        why: text(
          'a collector cannot make room that is not there; try flags after the heap fits',
          '回收器无法变出空间；先让堆够用再调参数',
        ),
      },
    ],
    confidence: 0.75,
    sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/memory/mem_tuning/'],
  };
}
