import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { duration, text } from '../../analyzer/text.js';

export const jmRestarted = defineRule({
  id: 'jm-restarted',
  category: 'stability',
  title: text('The JobManager has restarted', 'JobManager 发生重启'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['history'],
  options: {
    forMs: { default: 3_600_000, unit: 'ms', description: 'how long after it it is told' },
  },
  detect({ job, history, nowMs }, { forMs }) {
    const { checkpoints, checkpointCounts, detail } = history;
    if (checkpoints.length === 0) return [];
    const sinceMs = nowMs - detail.startMs;
    if (sinceMs > forMs) return [];
    // The job kept its id, so it was recovered and not submitted: its checkpoints of before are known to nobody but Weir.
    const before = checkpoints.filter(({ triggerMs }) => triggerMs < detail.startMs).length;
    if (before === 0) return [];
    if (checkpointCounts === undefined) return { notEvaluated: COUNTS_NOT_TOLD };
    if (checkpoints.length <= checkpointCounts.total) return [];
    return [
      {
        severity: 'warning' as const,
        confidence: 0.9,
        subject: { kind: 'jobmanager' as const },
        title: text(
          `The JobManager restarted ${duration(sinceMs)} ago and recovered ${job.name}`,
          `JobManager 在 ${duration(sinceMs)} 前重启并恢复了 ${job.name}`,
        ),
        summary: text(
          `Flink counts ${checkpointCounts.total} checkpoints of a job of which ${checkpoints.length} are known. All tasks restarted with it. An upgrade is one reason; its memory (exit code 137, OutOfMemoryError in its log) or a lost leader are others.`,
          `Flink 只计 ${checkpointCounts.total} 个检查点，而已知有 ${checkpoints.length} 个。所有任务随之重启。原因可能是升级，也可能是其内存不足（退出码 137、日志中的 OutOfMemoryError）或丢失领导权。`,
        ),
        evidence: [
          ...evidence('checkpointsBefore', before, Math.max(1, sinceMs), ['>=', 1]),
          ...evidence('endedCheckpoints', checkpointCounts.total, Math.max(1, sinceMs)),
        ],
        wouldChange: [text('an hour without another restart', '一小时内不再重启')],
      },
    ];
  },
  // Why it went its log tells, which is gone with the container: the page says where to look.
  advise: () => [],
});

const COUNTS_NOT_TOLD = text(
  '/jobs/:jobid/checkpoints was not read since the job started',
  '作业启动后尚未读取 /jobs/:jobid/checkpoints',
);
