import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { collectionsOf } from '../../analyzer/signals/collections.js';
import { duration, text } from '../../analyzer/text.js';
import { GC_NOT_TOLD } from '../support/not-told.js';
import { historiesOf, runningHere } from '../../analyzer/signals/task-managers.js';

const WINDOW_MS = 600_000;

export const gcFull = defineRule({
  id: 'gc-full',
  category: 'memory',
  title: text('Full garbage collections', '发生完全垃圾回收'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['taskManagers', 'history'],
  options: {
    // Diagnosis §5.4: 1 and 3 in ten minutes. One may be System.gc() of a direct buffer or of RMI, so one more.
    warningCount: {
      default: 2,
      unit: 'count',
      description: 'full collections in ten minutes from which it is a warning',
    },
    criticalCount: { default: 6, unit: 'count', description: 'the same, critical' },
    minMs: {
      default: 500,
      unit: 'ms',
      description: 'time that they must have taken together: shorter ones hurt nobody',
    },
  },
  detect({ job, taskManagers, history, nowMs }, { warningCount, criticalCount, minMs }) {
    // Collections of the start, with class loading and restore, are no habit.
    const fromMs = Math.max(nowMs - WINDOW_MS, (job.allRunningSinceMs ?? nowMs) + 60_000);
    const told = historiesOf(history, runningHere(taskManagers)).flatMap((tm) => {
      const collections = collectionsOf(tm, fromMs);
      return collections === undefined ? [] : [{ id: tm.taskManagerId, ...collections }];
    });
    if (told.length === 0) return { notEvaluated: GC_NOT_TOLD };
    return told
      .filter(({ full, fullMs }) => full >= warningCount && fullMs >= minMs)
      .map(({ id, full, fullMs, windowMs, longestPauseMs }) => ({
        severity: full >= criticalCount ? ('critical' as const) : ('warning' as const),
        confidence: 0.85,
        subject: { kind: 'taskmanager' as const, taskManagerId: id },
        title: text(
          `${full} full garbage collections in ${duration(windowMs)}`,
          `${duration(windowMs)} 内发生 ${full} 次完全垃圾回收`,
        ),
        summary: text(
          `Everything on ${id} stood still for ${duration(fullMs)} in all: the heap had no room left that a small collection could make. Look at what stays in it: state on the heap, caches, a leak. With DisableExplicitGC unset a library may also ask for it.`,
          `${id} 上的所有任务共停顿 ${duration(fullMs)}：普通回收已无法腾出空间。请查看堆中长期存活的内容：堆上状态、缓存或泄漏。也可能是某个库显式调用了 System.gc()。`,
        ),
        evidence: [
          ...evidence('fullCollections', full, windowMs, ['>=', warningCount]),
          ...evidence('longestPauseMs', longestPauseMs, windowMs),
        ],
        wouldChange: [text('ten minutes with at most one of them', '十分钟内最多一次')],
      }));
  },
  // A larger heap is what gc-pressure and gc-live-set-high advise, with figures; here the content of the heap decides.
  advise: () => [],
});
