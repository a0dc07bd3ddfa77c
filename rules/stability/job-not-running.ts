import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { duration, text } from '../../analyzer/text.js';
import { isDown } from '../support/failure-verdict.js';

/** Normal for a moment, a fault when it lasts. */
const COMING = ['INITIALIZING', 'CREATED', 'RESTARTING', 'RECONCILING'] as const;

export const jobNotRunning = defineRule({
  id: 'job-not-running',
  category: 'stability',
  title: text('The job does not run', '作业未运行'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['history'],
  options: {
    comingMs: {
      default: 300_000,
      unit: 'ms',
      description: 'how long a job may be starting or restarting before it counts as down',
    },
  },
  detect({ job, nowMs }, { comingMs }) {
    const heldMs = nowMs - (job.stateSinceMs ?? nowMs);
    const down = isDown(job);
    const stuck = COMING.some((state) => state === job.state) && heldMs >= comingMs;
    if (!down && !stuck) return [];
    return [
      {
        severity: 'critical' as const,
        confidence: 1,
        subject: { kind: 'job' as const },
        title: text(
          `${job.name} is ${job.state} since ${duration(heldMs)}`,
          `${job.name} 处于 ${job.state} 已 ${duration(heldMs)}`,
        ),
        summary: down
          ? text(
              'Flink does not bring it back by itself. Mend the cause below, then start it from its last checkpoint.',
              'Flink 不会自行恢复它。请先修复下面的原因，再从最近的检查点启动。',
            )
          : text('It should have been running long ago.', '它早就应该运行起来了。'),
        evidence: evidence('waitingMs', heldMs, heldMs, stuck ? ['>=', comingMs] : undefined),
        wouldChange: [text('the job is RUNNING', '作业进入 RUNNING')],
      },
    ];
  },
  advise: () => [],
});
