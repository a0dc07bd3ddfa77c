import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { collectionsOf } from '../../analyzer/signals/collections.js';
import { duration, text } from '../../analyzer/text.js';
import { GC_NOT_TOLD } from '../support/not-told.js';
import { historiesOf, runningHere } from '../../analyzer/signals/task-managers.js';

const WINDOW_MS = 600_000;

export const gcLongPause = defineRule({
  id: 'gc-long-pause',
  category: 'memory',
  title: text('Garbage collection stops everything for seconds', '垃圾回收造成数秒停顿'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['taskManagers', 'history'],
  options: {
    // Diagnosis §5.4. A starved machine showed 50–150 ms on a small heap (CALIBRATION fact 17).
    warningMs: { default: 2000, unit: 'ms', description: 'one pause of which it is a warning' },
    criticalMs: { default: 10_000, unit: 'ms', description: 'the same, critical: a heartbeat runs out after 50 s' },
  },
  detect({ taskManagers, history, nowMs }, { warningMs, criticalMs }) {
    const told = historiesOf(history, runningHere(taskManagers)).flatMap((tm) => {
      const collections = collectionsOf(tm, nowMs - WINDOW_MS);
      return collections === undefined ? [] : [{ id: tm.taskManagerId, ...collections }];
    });
    if (told.length === 0) return { notEvaluated: GC_NOT_TOLD };
    return told
      .filter(({ longestPauseMs }) => longestPauseMs >= warningMs)
      .map(({ id, longestPauseMs, windowMs }) => ({
        severity: longestPauseMs >= criticalMs ? ('critical' as const) : ('warning' as const),
        confidence: 0.85,
        subject: { kind: 'taskmanager' as const, taskManagerId: id },
        title: text(
          `One garbage collection stopped a TaskManager for ${duration(longestPauseMs)}`,
          `一次垃圾回收使 TaskManager 停顿 ${duration(longestPauseMs)}`,
        ),
        summary: text(
          `Nothing on ${id} ran meanwhile, heartbeats included (they run out after 50 s by default). A smaller heap on more TaskManagers, or a collector that works beside the program (G1, ZGC from Java 17), makes pauses short; a longer heartbeat.timeout only hides them.`,
          `期间 ${id} 上的一切停止，包括心跳（默认 50 秒超时）。用更多、堆更小的 TaskManager，或并发回收器（G1、Java 17 起的 ZGC）可缩短停顿；加大 heartbeat.timeout 只是掩盖。`,
        ),
        evidence: evidence('longestPauseMs', longestPauseMs, windowMs, ['>=', warningMs]),
        wouldChange: [text('ten minutes without such a pause', '十分钟内没有这样的停顿')],
      }));
  },
  advise: () => [],
});
