import { defineRule } from '../../analyzer/engine/rule.js';
import { compact, percent, text } from '../../analyzer/text.js';
import { busyCollectors, collectorVerdict, twiceTheRoom } from '../support/gc-heap-rule.js';
import { GC_NOT_TOLD } from '../support/not-told.js';

export const gcAllocPressure = defineRule({
  id: 'gc-alloc-pressure',
  category: 'memory',
  title: text('Short-lived objects keep the collector busy', '大量短命对象使回收频繁'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'slots', 'history', 'configuration'],
  options: {
    // Diagnosis §5.4: one young collection a second, 5 % of the time, less than half of the heap live.
    gcRatio: {
      default: 0.05,
      unit: 'ratio',
      description: 'time in collections from which it counts; from .1 on it is gc-pressure',
    },
    perSecond: { default: 1, unit: 'per second', description: 'collections from which it counts' },
    liveMax: { default: 0.5, unit: 'ratio', description: 'heap that stays after collections, of its size, at most' },
  },
  detect({ taskManagers }, { gcRatio, perSecond, liveMax }) {
    if (taskManagers.every((tm) => tm.gcRatio === undefined)) return { notEvaluated: GC_NOT_TOLD };
    return busyCollectors(taskManagers, { gcRatio, perSecond, liveMin: 0, liveMax }).map((tm) =>
      collectorVerdict(
        tm,
        { gcRatio },
        {
          title: text(
            `${compact(tm.collectionsPerSecond ?? 0)} collections a second take ${percent(tm.gcRatio ?? 0)} of a TaskManager's time`,
            `每秒 ${compact(tm.collectionsPerSecond ?? 0)} 次回收占用 TaskManager ${percent(tm.gcRatio ?? 0)} 的时间`,
          ),
          summary: text(
            `Little stays in the heap of ${tm.taskManagerId}: what is collected are objects that live for a record. Make fewer of them (parsers, boxing, trees of JSON); where user code keeps and changes no record that it was given, pipeline.object-reuse saves the copies between chained operators.`,
            `${tm.taskManagerId} 的堆中留存很少，被回收的是随记录产生的对象。请减少创建（解析器、装箱、JSON 树）；若用户代码不保留也不修改传入的记录，可用 pipeline.object-reuse 省去链内拷贝。`,
          ),
          wouldChange: text('collections take less than 5 % of the time', '回收耗时低于 5 %'),
        },
      ),
    );
  },
  advise: (finding, { job, taskManagers, slots, history, configuration }) =>
    twiceTheRoom(finding, taskManagers, { job, history, slots, configuration }),
});
