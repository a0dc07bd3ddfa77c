import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import type { Severity } from '../../analyzer/engine/finding.js';
import { RESTART_WINDOW_MS } from '../../analyzer/signals/restarts.js';
import { counted, text } from '../../analyzer/text.js';
import { causeNamedBy } from '../../analyzer/signals/failure-causes.js';
import { causeText, lookOf, taskSubject } from '../support/exceptions.js';
import { isDown } from '../support/failure-verdict.js';

export const exceptionGroup = defineRule({
  id: 'exception-group',
  category: 'stability',
  title: text('Failures with one cause', '同一原因的失败'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions'],
  options: {
    warningCount: {
      default: 2,
      unit: 'count',
      description: 'failures of one cause from which it is a warning; one that recovered is an info',
    },
  },
  detect({ job, exceptions, nowMs }, { warningCount }) {
    const down = isDown(job);
    // A lost TaskManager has its own rule, with the machine and not the stack trace as its subject.
    const groups = exceptions.groups.filter(
      ({ kind, lastSeenMs }) => kind !== 'taskmanager-lost' && (down || lastSeenMs >= nowMs - RESTART_WINDOW_MS),
    );
    // A cause with a rule of its own is told there; the most frequent of the others is what nobody else tells.
    const group = groups.find(({ stacktrace }) => causeNamedBy(stacktrace) === undefined) ?? groups[0];
    if (group === undefined) return [];
    const look = lookOf(group, false);
    const severity: Severity = down ? 'critical' : group.count >= warningCount ? 'warning' : 'info';
    const cause = causeText(group.cause);
    return [
      {
        severity,
        confidence: 0.95,
        subject: taskSubject(job, group.taskName),
        failure: causeNamedBy(group.stacktrace)?.cause ?? group.key,
        title: text(
          down ? `${job.name} is ${job.state}: ${cause}` : `Failed ${counted(group.count, 'time')}: ${cause}`,
          down ? `${job.name} 处于 ${job.state}：${cause}` : `失败 ${group.count} 次：${cause}`,
        ),
        summary: text(
          `${group.cause.userFrame === undefined ? 'No frame of user code is on the stack.' : `First frame of your code: ${group.cause.userFrame}.`}${group.taskName === undefined ? '' : ` Task: ${group.taskName}.`} ${look === undefined ? '' : ` ${look.en}`} The exceptions panel has the whole stack.`,
          `${group.cause.userFrame === undefined ? '堆栈中没有用户代码。' : `用户代码的第一帧：${group.cause.userFrame}。`}${group.taskName === undefined ? '' : `任务：${group.taskName}。`}${look === undefined ? '' : look['zh-CN']}完整堆栈见异常面板。`,
        ),
        evidence: evidence('failures', group.count, Math.max(1, nowMs - group.firstSeenMs), ['>=', 1]),
        wouldChange: [text('ten minutes without this failure', '十分钟内不再出现')],
      },
    ];
  },
  // A stack trace says where; what to change there only its owner knows.
  advise: () => [],
});
