import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { duration, text } from '../../analyzer/text.js';
import type { Checkpoint } from '../../collector/model/index.js';
import { NO_PHASES } from '../support/not-told.js';
import { remark } from '../support/remark.js';

/** One checkpoint may be a jump of the clock. */
const CHECKPOINTS_MIN = 3;

export const clockSkew = defineRule({
  id: 'clock-skew',
  category: 'configuration',
  title: text('The clock of a TaskManager is ahead', 'TaskManager 时钟超前'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['checkpoints', 'history'],
  options: {
    aheadMs: { default: 1000, unit: 'ms', description: 'how far a clock must be ahead' },
  },
  detect({ checkpoints, history }, { aheadMs }) {
    const recent = checkpoints.completed.filter(({ details }) => details !== undefined).slice(-CHECKPOINTS_MIN);
    if (recent.length < CHECKPOINTS_MIN) return { notEvaluated: NO_PHASES };
    const ahead = recent.map(furthestAhead);
    const least = Math.min(...ahead.map(({ ms }) => ms));
    const [first] = ahead;
    if (first === undefined || least < aheadMs) return [];
    const sample = history.vertices
      .find(({ vertexId }) => vertexId === first.vertexId)
      ?.subtasks.find(({ subtask }) => subtask === first.subtask);
    const taskManagerId = sample?.samples.at(-1)?.taskManagerId;
    const windowMs = Math.max(1, (recent.at(-1)?.triggerMs ?? 0) - (recent[0]?.triggerMs ?? 0));
    return [
      remark({
        subject: taskManagerId === undefined ? { kind: 'cluster' } : { kind: 'taskmanager', taskManagerId },
        title: text(
          `A clock is ${duration(least)} ahead of the JobManager's`,
          `有时钟比 JobManager 超前 ${duration(least)}`,
        ),
        summary: text(
          'A subtask says that a barrier reached it later than the JobManager had its acknowledgement. Start delays, lags and latencies of that machine are wrong by as much, and so are windows by processing time. Let NTP set the clocks.',
          '子任务声称 barrier 到达的时间晚于 JobManager 收到其确认的时间。该机器的启动延迟、积压与时延都有同样误差，处理时间窗口亦然。请用 NTP 校时。',
        ),
        evidence: evidence('clockAheadMs', least, windowMs, ['>=', aheadMs]),
        until: text('the clocks agree', '时钟一致'),
      }),
    ];
  },
  // Clocks are set by the machines.
  advise: () => [],
});

/**
 * The start delay is taken from the JobManager's trigger to the task's own clock, the end from trigger to acknowledgement on
 * the JobManager's: a delay beyond the end is the distance of the clocks. One that is behind shows as no delay at all.
 */
function furthestAhead({ details = [] }: Checkpoint): {
  readonly ms: number;
  readonly vertexId: string;
  readonly subtask: number;
} {
  let furthest = { ms: 0, vertexId: '', subtask: 0 };
  for (const { vertexId, subtask, startDelayMs = 0, endToEndMs = Infinity } of details)
    if (startDelayMs - endToEndMs > furthest.ms) furthest = { ms: startDelayMs - endToEndMs, vertexId, subtask };
  return furthest;
}
