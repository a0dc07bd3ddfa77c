import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { RESTART_WINDOW_MS } from '../../analyzer/signals/restarts.js';
import { text } from '../../analyzer/text.js';

const WINDOW_MS = 3_600_000;
const LOOP_FALLS = 3;

export const restartsElevated = defineRule({
  id: 'restarts-elevated',
  category: 'stability',
  title: text('The job falls more often than it should', '作业失败偏多'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions'],
  options: {
    // Diagnosis §5.12: two an hour; one more, since two of one cause are told as such already.
    incidents: {
      default: 3,
      unit: 'count',
      description: 'falls within an hour, of whatever causes, from which it counts',
    },
  },
  detect({ job, exceptions, nowMs }, { incidents }) {
    const within = exceptions.incidents.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
    const recent = within.filter(({ atMs }) => atMs >= nowMs - RESTART_WINDOW_MS);
    const first = within[0];
    // Three in ten minutes are a loop, which has its own rule.
    if (first === undefined || within.length < incidents || recent.length >= LOOP_FALLS) return [];
    const causes = new Set(within.map(({ cause, groupKey }) => cause ?? groupKey)).size;
    return [
      {
        severity: 'warning' as const,
        confidence: 0.8,
        subject: { kind: 'job' as const },
        title: text(
          `${job.name} fell ${within.length} times within an hour`,
          `${job.name} 一小时内失败 ${within.length} 次`,
        ),
        summary:
          causes === 1
            ? text(
                'Each time of the same cause. It recovers, but each fall costs the input since the last checkpoint once more.',
                '每次原因相同。虽然恢复了，但每次都要重读自最近检查点以来的输入。',
              )
            : text(
                `Of ${causes} different causes: look at what they have in common, a machine, a network, a dependency. Each fall costs the input since the last checkpoint once more.`,
                `共 ${causes} 种不同原因：请查看其共同点（机器、网络、依赖）。每次失败都要重读自最近检查点以来的输入。`,
              ),
        evidence: evidence('incidents', within.length, Math.max(1, nowMs - first.atMs), ['>=', incidents]),
        wouldChange: [text('an hour with fewer falls', '一小时内失败次数减少')],
      },
    ];
  },
  advise: () => [],
});
