import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { runningHere, type TaskManagerLoad } from '../../analyzer/signals/task-managers.js';
import { present } from '../../analyzer/numbers.js';
import { bytes, percent, text } from '../../analyzer/text.js';
import { GC_NOT_TOLD } from '../support/not-told.js';
import { heapAdvice } from '../support/heap-advice.js';

export const gcLiveSetHigh = defineRule({
  id: 'gc-live-set-high',
  category: 'memory',
  title: text('The heap stays full after collections', '回收后堆仍然很满'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'slots', 'history', 'configuration'],
  options: {
    warningRatio: {
      default: 0.7,
      unit: 'ratio',
      description: 'heap that stays after collections, of its size, from which it is a warning',
    },
    criticalRatio: { default: 0.85, unit: 'ratio', description: 'the same, critical' },
    // A quiet heap stands at .57–.88 without a single collection (CALIBRATION fact 15): without collections no verdict.
    collectionsPerSecondMin: {
      default: 1,
      unit: 'per second',
      description: 'collections that must happen before the lowest reading says anything',
    },
  },
  detect({ taskManagers }, { warningRatio, criticalRatio, collectionsPerSecondMin }) {
    const here = runningHere(taskManagers);
    if (here.every((tm) => liveRatio(tm) === undefined || tm.collectionsPerSecond === undefined)) {
      return { notEvaluated: GC_NOT_TOLD };
    }
    return here.flatMap((tm) => {
      const ratio = liveRatio(tm);
      if (ratio === undefined || ratio < warningRatio) return [];
      if ((tm.collectionsPerSecond ?? 0) < collectionsPerSecondMin) return [];
      return [
        {
          severity: ratio >= criticalRatio ? ('critical' as const) : ('warning' as const),
          confidence: 0.8,
          subject: { kind: 'taskmanager' as const, taskManagerId: tm.taskManagerId },
          title: text(
            `${percent(ratio)} of a TaskManager's heap stays in use after collections`,
            `一个 TaskManager 的堆在回收后仍占用 ${percent(ratio)}`,
          ),
          summary: text(
            `${bytes(tm.heapLowBytes ?? 0)} of ${bytes(tm.heapMaxBytes ?? 0)} on ${tm.taskManagerId} is live: state, caches or a leak. Little is left for the next peak.`,
            `${tm.taskManagerId} 上 ${bytes(tm.heapMaxBytes ?? 0)} 中有 ${bytes(tm.heapLowBytes ?? 0)} 是存活对象：状态、缓存或泄漏。留给下一个高峰的空间很少。`,
          ),
          evidence: [
            ...evidence('heapLowRatio', ratio, tm.windowMs, ['>=', warningRatio], {
              metric: 'heapUsedRatio',
              taskManagerId: tm.taskManagerId,
            }),
            ...evidence('collectionsPerSecond', (tm.collectionsPerSecond ?? 0) * 60, tm.windowMs, [
              '>=',
              collectionsPerSecondMin * 60,
            ]),
            ...evidence('gcRatio', tm.gcRatio, tm.windowMs),
          ],
          wouldChange: [text('a collection leaves less than 70 % of the heap in use', '回收后占用低于 70 %')],
        },
      ];
    });
  },
  advise(finding, { job, taskManagers, slots, history, configuration }) {
    const tm = taskManagers.find(({ taskManagerId }) => taskManagerId === finding.subject.taskManagerId);
    const ratio = tm === undefined ? undefined : liveRatio(tm);
    if (tm?.heapLowBytes === undefined || ratio === undefined) return [];
    const wanted = 2 * tm.heapLowBytes;
    return present([
      heapAdvice(
        tm,
        wanted,
        [
          {
            metric: 'heapLowRatio',
            label: labelOf('heapLowRatio'),
            from: ratio,
            to: 0.5,
            low: 0.4,
            high: 0.6,
            unit: 'ratio',
          },
        ],
        { job, history, slots, configuration },
      ),
    ]);
  },
});

function liveRatio(tm: TaskManagerLoad): number | undefined {
  return tm.heapLowBytes === undefined || !tm.heapMaxBytes ? undefined : tm.heapLowBytes / tm.heapMaxBytes;
}
