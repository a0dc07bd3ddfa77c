import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { budgetFor } from '../../analyzer/tuning/memory/budget.js';
import { bytes, percent, text } from '../../analyzer/text.js';
import { processBytesOf } from '../support/memory-advice.js';
import { remark } from '../support/remark.js';
import { runningMs } from '../support/facts.js';

export const tmTooSmall = defineRule({
  id: 'tm-too-small',
  category: 'capacity',
  title: text('Many small TaskManagers', 'TaskManager 小而多'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['slots', 'configuration', 'history'],
  options: {
    // Flink's default of 1728 MiB has a share of .41: no matter on a few processes, so the number comes first.
    taskManagers: { default: 20, unit: 'count', description: 'TaskManagers above which it is said' },
    fixedShare: {
      default: 0.3,
      unit: 'ratio',
      description: 'memory that every process needs anyway, of its size, from which it is said',
    },
  },
  detect({ job, nowMs, slots, configuration, history }, limits) {
    const { perTaskManager, taskManagers = 0 } = slots;
    if (taskManagers <= limits.taskManagers || perTaskManager !== 1) return [];
    const processBytes = processBytesOf(history);
    const parts = processBytes === undefined ? undefined : budgetFor(processBytes, configuration, job.flinkVersion);
    if (processBytes === undefined || parts === undefined) return { notEvaluated: SIZE_NOT_TOLD };
    const fixed = parts.metaspaceBytes + parts.overheadBytes + parts.frameworkHeapBytes + parts.frameworkOffHeapBytes;
    const share = fixed / processBytes;
    if (share < limits.fixedShare) return [];
    const heldMs = runningMs(job, nowMs);
    return [
      remark({
        subject: { kind: 'cluster' },
        title: text(
          `${taskManagers} TaskManagers of one slot: ${bytes(fixed * taskManagers)} keep processes alive`,
          `${taskManagers} 个单 slot 的 TaskManager：${bytes(fixed * taskManagers)} 仅用于维持进程`,
        ),
        summary: text(
          `${percent(share)} of each process is metaspace, JVM overhead and Flink's own. Processes of two to eight slots, a core and 2–4 GiB for each, pay that once, and records between their slots stay in memory.`,
          `每个进程有 ${percent(share)} 用于 Metaspace、JVM 开销和 Flink 自身。每进程 2–8 个 slot、每 slot 一核与 2–4 GiB，只需付一次，且 slot 间的记录不出进程。`,
        ),
        evidence: [
          ...evidence('taskManagers', taskManagers, heldMs, ['>', limits.taskManagers]),
          ...evidence('fixedMemoryShare', share, heldMs, ['>=', limits.fixedShare]),
        ],
        until: text('fewer and larger TaskManagers', '更少且更大的 TaskManager'),
      }),
    ];
  },
  // How large a process the machines hold only the owner of the cluster knows; the page has the sizes.
  advise: () => [],
});

const SIZE_NOT_TOLD = text('no TaskManager tells the size of its process', '没有 TaskManager 报告进程大小');
