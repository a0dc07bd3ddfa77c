import { defineRule } from '../../analyzer/engine/rule.js';
import { labelOf } from '../../analyzer/engine/evidence.js';
import { max, present } from '../../analyzer/numbers.js';
import { taskManagersOf } from '../../analyzer/signals/task-managers.js';
import { text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureSubject, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';
import { heapAdvice } from '../support/heap-advice.js';

/** One step: half as much again (diagnosis §5.4). */
const GROWTH = 1.5;

export const memHeapOom = defineRule({
  id: 'mem-heap-oom',
  category: 'memory',
  title: text('The heap ran out', '堆内存耗尽'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history', 'slots'],
  options: FAILURE_OPTIONS,
  detect({ job, exceptions, nowMs }, { warningCount }) {
    const failure = toldFailure('mem-heap-oom', exceptions, job, nowMs, warningCount);
    if (failure === undefined) return [];
    return [
      failureVerdict(failure, {
        subject: failureSubject(failure),
        title: text(`The Java heap ran out (${times(failure).en})`, `Java 堆内存耗尽（${times(failure)['zh-CN']}）`),
        summary: text(
          `State on the heap, large records or objects that user code keeps fill it${failure.taskName === undefined ? '' : `; ${failure.taskName} fell`}. Take a heap dump before enlarging it: a leak fills any heap.`,
          `堆上的状态、大记录或用户代码持有的对象把堆占满${failure.taskName === undefined ? '' : `；失败的任务是 ${failure.taskName}`}。扩容前先取堆转储：泄漏会填满任何大小的堆。`,
        ),
      }),
    ];
  },
  advise(_finding, { job, history, slots, nowMs }) {
    const all = taskManagersOf(history, new Map(), nowMs);
    const heapMax = max(present(all.map((tm) => tm.heapMaxBytes)));
    const tm = all.find((candidate) => candidate.heapMaxBytes === heapMax);
    if (tm === undefined || heapMax === undefined) return [];
    const expected = [
      { metric: 'failures', label: labelOf('failures'), from: 1, to: 0, low: 0, high: 1, unit: 'count' as const },
    ];
    return present([
      heapAdvice(tm, heapMax * GROWTH, expected, { job, history, slots, configuration: history.configuration }),
    ]);
  },
});
