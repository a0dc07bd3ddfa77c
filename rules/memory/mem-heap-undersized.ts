import { defineRule } from '../../analyzer/engine/rule.js';
import { bytes, percent, text } from '../../analyzer/text.js';
import { busyCollectors, collectorVerdict, twiceTheRoom } from '../support/gc-heap-rule.js';
import { GC_NOT_TOLD } from '../support/not-told.js';

export const memHeapUndersized = defineRule({
  id: 'mem-heap-undersized',
  category: 'memory',
  title: text('The heap is small for what lives in it', '堆对于存活数据偏小'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'slots', 'history', 'configuration'],
  options: {
    // Between healthy (.004, live below .5) and what gc-pressure (.1) and gc-live-set-high (.7) tell of.
    gcRatio: {
      default: 0.05,
      unit: 'ratio',
      description: 'time in collections from which it counts; from .1 on it is gc-pressure',
    },
    perSecond: {
      default: 1,
      unit: 'per second',
      description: 'collections from which the lowest reading says anything',
    },
    liveMin: { default: 0.5, unit: 'ratio', description: 'heap that stays after collections from which it counts' },
    liveMax: { default: 0.7, unit: 'ratio', description: 'the same from which gc-live-set-high tells of it' },
  },
  detect({ taskManagers }, limits) {
    if (taskManagers.every((tm) => tm.gcRatio === undefined)) return { notEvaluated: GC_NOT_TOLD };
    return busyCollectors(taskManagers, limits).map((tm) =>
      collectorVerdict(tm, limits, {
        title: text(
          `${percent(tm.live)} of the heap is live, and collections take ${percent(tm.gcRatio ?? 0)} of the time`,
          `堆的 ${percent(tm.live)} 为存活数据，回收占用 ${percent(tm.gcRatio ?? 0)} 的时间`,
        ),
        summary: text(
          `${tm.taskManagerId} has ${bytes(tm.heapMaxBytes ?? 0)} of heap. The smaller its free part, the more often it is collected: half of the heap free is what a TaskManager runs well with.`,
          `${tm.taskManagerId} 的堆为 ${bytes(tm.heapMaxBytes ?? 0)}。空闲部分越小回收越频繁：保持一半空闲较为合适。`,
        ),
        wouldChange: text('less than half of the heap is live', '存活数据低于一半'),
      }),
    );
  },
  advise: (finding, { job, taskManagers, slots, history, configuration }) =>
    twiceTheRoom(finding, taskManagers, { job, history, slots, configuration }),
});
