import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import type { Advice } from '../../analyzer/engine/recommendation.js';
import type { Finding } from '../../analyzer/engine/finding.js';
import type { Verdict } from '../../analyzer/engine/rule.js';
import { runningHere, type TaskManagerLoad } from '../../analyzer/signals/task-managers.js';
import { present } from '../../analyzer/numbers.js';
import type { AdviceContext } from '../../analyzer/tuning/advice.js';
import type { Text } from '../../analyzer/text.js';
import { heapAdvice } from './heap-advice.js';

/** From here on `gc-pressure` tells of it. */
const PRESSURE_RATIO = 0.1;

/**
 * TaskManagers that collect much and not yet too much, with a live set within these bounds. Below one collection a second
 * the lowest reading is no live set (CALIBRATION fact 15).
 */
export function busyCollectors(
  taskManagers: readonly TaskManagerLoad[],
  limits: { readonly gcRatio: number; readonly liveMin: number; readonly liveMax: number; readonly perSecond: number },
): readonly (TaskManagerLoad & { readonly live: number })[] {
  return runningHere(taskManagers).flatMap((tm) => {
    if (tm.heapLowBytes === undefined || !tm.heapMaxBytes) return [];
    const live = tm.heapLowBytes / tm.heapMaxBytes;
    const ratio = tm.gcRatio ?? 0;
    const collects =
      ratio >= limits.gcRatio && ratio < PRESSURE_RATIO && (tm.collectionsPerSecond ?? 0) >= limits.perSecond;
    return collects && live >= limits.liveMin && live < limits.liveMax ? [{ ...tm, live }] : [];
  });
}

export function collectorVerdict(
  tm: TaskManagerLoad & { readonly live: number },
  limits: { readonly gcRatio: number },
  said: { readonly title: Text; readonly summary: Text; readonly wouldChange: Text },
): Verdict {
  return {
    severity: 'warning',
    confidence: 0.75,
    subject: { kind: 'taskmanager', taskManagerId: tm.taskManagerId },
    title: said.title,
    summary: said.summary,
    evidence: [
      ...evidence('gcRatio', tm.gcRatio, tm.windowMs, ['>=', limits.gcRatio], {
        metric: 'gcTimeRatio',
        taskManagerId: tm.taskManagerId,
      }),
      ...evidence('collectionsPerSecond', (tm.collectionsPerSecond ?? 0) * 60, tm.windowMs),
      ...evidence('heapLowRatio', tm.live, tm.windowMs),
    ],
    wouldChange: [said.wouldChange],
  };
}

/** Twice the free part of the heap: collections come half as often. */
export function twiceTheRoom(
  finding: Finding,
  taskManagers: readonly TaskManagerLoad[],
  context: AdviceContext & { readonly configuration: Readonly<Record<string, string>> },
): readonly Advice[] {
  const tm = taskManagers.find(({ taskManagerId }) => taskManagerId === finding.subject.taskManagerId);
  if (tm?.heapLowBytes === undefined || tm.heapMaxBytes === undefined || tm.gcRatio === undefined) return [];
  const wanted = tm.heapMaxBytes + (tm.heapMaxBytes - tm.heapLowBytes);
  const expected = {
    metric: 'gcTimeRatio',
    label: labelOf('gcRatio'),
    from: tm.gcRatio,
    to: tm.gcRatio / 2,
    low: tm.gcRatio / 4,
    high: tm.gcRatio,
    unit: 'ratio' as const,
  };
  return present([heapAdvice(tm, wanted, [expected], context)]);
}
