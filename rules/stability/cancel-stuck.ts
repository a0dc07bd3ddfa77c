import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { duration, text } from '../../analyzer/text.js';

/** Of the task's cancel watchdog: its TaskManager ended itself over it (`task.cancellation.timeout`, 180 s). */
const NOT_GRACEFUL = 'did not exit gracefully within';
const TOLD_MS = 600_000;

export const cancelStuck = defineRule({
  id: 'cancel-stuck',
  category: 'stability',
  title: text('A task does not stop', '任务无法停止'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'also-cancelling',
  needs: ['exceptions'],
  options: {
    cancellingMs: { default: 180_000, unit: 'ms', description: 'how long a job may be cancelling' },
  },
  detect({ job, exceptions, nowMs }, { cancellingMs }) {
    const heldMs = job.state === 'CANCELLING' ? nowMs - (job.stateSinceMs ?? nowMs) : 0;
    const killed = exceptions.groups.find(
      ({ stacktrace, lastSeenMs }) => nowMs - lastSeenMs <= TOLD_MS && stacktrace.includes(NOT_GRACEFUL),
    );
    if (heldMs < cancellingMs && killed === undefined) return [];
    const isCancelling = heldMs >= cancellingMs;
    return [
      {
        severity: 'warning' as const,
        confidence: 0.9,
        subject: { kind: 'job' as const },
        title: isCancelling
          ? text(
              `${job.name} has been cancelling for ${duration(heldMs)}`,
              `${job.name} 已取消 ${duration(heldMs)} 仍未结束`,
            )
          : text(
              `A task of ${job.name} did not stop, and its TaskManager ended itself`,
              `${job.name} 有任务无法停止，其 TaskManager 已自行退出`,
            ),
        summary: text(
          'User code does not come back: close() or a call that cannot be interrupted, often a client without a timeout. After task.cancellation.timeout (180 s) Flink ends the whole process, with the tasks of all jobs on it.',
          '用户代码没有返回：close() 或不可中断的调用，常见于没有超时的客户端。超过 task.cancellation.timeout（180 秒）后 Flink 会结束整个进程，其上所有作业的任务都受影响。',
        ),
        evidence: isCancelling
          ? evidence('waitingMs', heldMs, heldMs, ['>=', cancellingMs])
          : evidence('failures', killed?.count, TOLD_MS, ['>=', 1]),
        wouldChange: [text('the job has ended', '作业结束')],
      },
    ];
  },
  // Timeouts of clients are set in code.
  advise: () => [],
});
