import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { parseMemorySize } from '../../analyzer/tuning/values/memory-size.js';
import { bytes, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { settingOf } from '../support/settings.js';

export const memJmPressure = defineRule({
  id: 'mem-jm-pressure',
  category: 'memory',
  title: text('The JobManager has little memory for its cluster', 'JobManager 内存相对集群过小'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'slots'],
  options: {
    taskManagers: { default: 100, unit: 'count', description: 'TaskManagers above which the size alone says enough' },
    bytes: { default: 2 * 1024 ** 3, unit: 'bytes', description: 'size of its process below which it is said then' },
  },
  detect({ job, nowMs, configuration, slots: { taskManagers = 0 } }, limits) {
    const size = parseMemorySize(
      settingOf(configuration, 'jobmanager.memory.process.size', 'jobmanager.memory.flink.size') ?? '',
    );
    if (taskManagers <= limits.taskManagers || size === undefined) return { notEvaluated: NOT_TOLD };
    if (size >= limits.bytes) return [];
    const heldMs = runningMs(job, nowMs);
    return [
      remark({
        subject: { kind: 'jobmanager' },
        confidence: 0.6,
        title: text(
          `${bytes(size)} for a JobManager of ${taskManagers} TaskManagers`,
          `管理 ${taskManagers} 个 TaskManager 的 JobManager 仅有 ${bytes(size)}`,
        ),
        summary: text(
          'It holds the execution graph, the metrics and the acknowledgements of every task. Up to a hundred TaskManagers do with 1–2 GiB, more want 2–4 GiB; when it collects for long, heartbeats are missed and all jobs restart.',
          '它保存每个任务的执行图、指标与检查点确认。100 个以内 TaskManager 需 1–2 GiB，更多则需 2–4 GiB；其回收过久会错过心跳并导致作业重启。',
        ),
        evidence: [
          ...evidence('processBytes', size, heldMs, ['<', limits.bytes]),
          ...evidence('taskManagers', taskManagers, heldMs, ['>', limits.taskManagers]),
        ],
        until: text('a larger JobManager', '更大的 JobManager'),
      }),
    ];
  },
  // How much more it needs its own heap would tell, which is not read.
  advise: () => [],
});

const NOT_TOLD = text(
  'heap and collections of the JobManager (Status.JVM.Memory.Heap.Used, Status.JVM.GarbageCollector of /jobmanager/metrics) are not read, and its size says something only beyond 100 TaskManagers',
  '未读取 JobManager 的堆与回收（/jobmanager/metrics 的 Status.JVM.Memory.Heap.Used、Status.JVM.GarbageCollector），仅凭大小只在 100 个以上 TaskManager 时可判断',
);
