import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { forecastOf, hullOf, toldForecast } from '../../analyzer/signals/forecast.js';
import { heapFloorOf, type HeapFloor } from '../../analyzer/signals/heap-floor.js';
import { stateTrendOf } from '../../analyzer/signals/state-trend.js';
import { usesRocksdb } from '../../analyzer/signals/rocksdb.js';
import type { TrendLine } from '../../analyzer/signals/trend-line.js';
import { bytes, duration, text } from '../../analyzer/text.js';
import { forecastEvidence, inTime } from '../support/forecast-words.js';
import { historiesOf, runningHere } from '../../analyzer/signals/task-managers.js';

const HOT_MS = 2_700_000;
/** Caches and windows fill in the first minutes of a run. */
const WARM_UP_MS = 120_000;
/** State on the heap takes about three times its serialised size (diagnosis §5.6). */
const HEAP_PER_STATE_BYTE = 3;
/**
 * Where a collection comes about as often as a reading, readings creep from just after one to just before the next, and
 * look like a floor that rises: then the heap hardly moves within a ninth of the time. Of the growth in such a part it moved
 * 4.6–8 times in a real leak (L25, 1.20.3) and 1.6–2.6 times in calm heaps read so (seeds). A heap that is nearly full has
 * no room to move, and nothing reads so high just before a collection.
 */
const SWING_OVER_STEP_MIN = 3;
const NEARLY_FULL = 0.75;

export const gcLeak = defineRule({
  id: 'gc-leak',
  category: 'memory',
  title: text('What stays in the heap grows', '堆中存活的数据不断增长'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'history'],
  options: {
    // L25: 1 MB/s for 250 s, collections below 1 % of the time until the end. Diagnosis §5.4: +10 %, R² ≥ .7.
    growthRatio: {
      default: 0.1,
      unit: 'ratio',
      description: 'growth of the lowest readings over the window, of the heap, from which it counts',
    },
    fit: { default: 0.8, unit: 'ratio', description: 'share of the growth that a straight line explains, at least' },
    floorRatio: {
      default: 0.5,
      unit: 'ratio',
      description: 'heap that stays, of its size: below it G1 need not have cleaned up yet (it starts at .45)',
    },
    warningMs: {
      default: 86_400_000,
      unit: 'ms',
      description: 'time until the heap is full from which it is a warning',
    },
    criticalMs: { default: 3_600_000, unit: 'ms', description: 'the same, critical' },
  },
  detect({ job, taskManagers, history, nowMs }, limits) {
    const fromMs = Math.max(nowMs - HOT_MS, (job.allRunningSinceMs ?? nowMs) + WARM_UP_MS);
    const here = runningHere(taskManagers);
    const told = here.flatMap((tm) => {
      const [kept] = historiesOf(history, [tm]);
      const floor = kept === undefined ? undefined : heapFloorOf(kept, fromMs);
      return floor === undefined || tm.heapMaxBytes === undefined ? [] : [{ tm, floor, heapMax: tm.heapMaxBytes }];
    });
    if (told.length === 0) {
      return {
        notEvaluated: text(
          'a trend of the heap needs five minutes of readings with a collection in every part of them (Status.JVM.Memory.Heap.Used and the collectors of each TaskManager)',
          '判断堆的趋势需要五分钟读数，且每一段都有回收（每个 TaskManager 的 Status.JVM.Memory.Heap.Used 与回收器）',
        ),
      };
    }
    const state = usesRocksdb(history) ? undefined : stateTrendOf(history, fromMs);
    const statePerMs = Math.max(0, state?.bytesPerMs ?? 0) * HEAP_PER_STATE_BYTE;
    return told.flatMap(({ tm, floor, heapMax }): Verdict[] => {
      const least = {
        grownBytes: limits.growthRatio * heapMax,
        lastBytes: limits.floorRatio * heapMax,
        fit: limits.fit,
      };
      const trend = seenTrend(floor, least, heapMax) ?? sureTrend(floor, least);
      if (trend === undefined) return [];
      const leftMs = (heapMax - floor.lastBytes) / trend.bytesPerMs;
      // State that grows on the heap is no leak: `state-growth` and `sb-heap-large-state` tell of it.
      if (leftMs > limits.warningMs || statePerMs >= (trend.bytesPerMs * here.length) / 2) return [];
      const full = hullOf([
        { inMs: leftMs, lowMs: leftMs, highMs: leftMs },
        ...(trend.line === undefined ? [] : [forecastOf(trend.line, { value: heapMax, from: 'below' }, nowMs)]),
      ]);
      const told = toldForecast(full);
      const when = told === undefined ? undefined : inTime(told);
      return [
        {
          severity: leftMs <= limits.criticalMs ? 'critical' : 'warning',
          confidence: Math.min(0.9, trend.fit),
          subject: { kind: 'taskmanager', taskManagerId: tm.taskManagerId },
          title: text(
            `What stays in the heap grows${when === undefined ? '' : `: full ${when.en}`}`,
            `堆中存活的数据不断增长${when === undefined ? '' : `：${when['zh-CN']}耗尽`}`,
          ),
          summary: text(
            `After each collection on ${tm.taskManagerId} more is left: ${bytes(floor.firstBytes)} became ${bytes(floor.lastBytes)} of ${bytes(heapMax)} in ${duration(floor.windowMs)}, and the state does not grow as fast. Compare two heap dumps (jcmd <pid> GC.heap_dump): static collections, caches without a limit, ThreadLocals. A larger heap only buys time.`,
            `${tm.taskManagerId} 每次回收后剩余更多：${duration(floor.windowMs)} 内从 ${bytes(floor.firstBytes)} 增至 ${bytes(floor.lastBytes)}（共 ${bytes(heapMax)}），而状态没有同样增长。请对比两次堆转储（jcmd <pid> GC.heap_dump）：静态集合、无上限缓存、ThreadLocal。增大堆只是拖延。`,
          ),
          evidence: [
            ...evidence('heapFloorSlope', trend.bytesPerMs * 1000, floor.windowMs, ['>', 0]),
            ...evidence('heapFloorBytes', floor.lastBytes, floor.windowMs, ['>=', limits.floorRatio * heapMax]),
            ...evidence('trendFit', trend.fit, floor.windowMs, ['>=', limits.fit]),
            ...forecastEvidence('timeLeft', full, floor.windowMs, limits.warningMs),
          ],
          wouldChange: [text('a collection that leaves less than before', '某次回收后剩余减少')],
        },
      ];
    });
  },
  // The code that keeps the objects is the remedy; a larger heap dies later.
  advise: () => [],
});

interface Trend {
  readonly bytesPerMs: number;
  readonly fit: number;
  readonly line?: TrendLine;
}

interface Least {
  readonly grownBytes: number;
  readonly lastBytes: number;
  readonly fit: number;
}

/** The lowest readings rise in a line. */
function seenTrend(floor: HeapFloor, least: Least, heapMax: number): Trend | undefined {
  const grown = floor.lastBytes - floor.firstBytes;
  if (floor.bytesPerMs <= 0 || !floor.isSteady || floor.fit < least.fit) return undefined;
  if (grown < least.grownBytes || floor.lastBytes < least.lastBytes) return undefined;
  const step = grown / floor.parts;
  return floor.swingBytes < SWING_OVER_STEP_MIN * step && floor.lastBytes < NEARLY_FULL * heapMax ? undefined : floor;
}

/**
 * The lowest readings jump, because collections come about as often as they, but what is sure of the floor rises: of the leak L25 on
 * 1.20.3, 14 of 64 readings lay up to 40 % of the heap above it, and the line through the lowest explained .3–.78.
 */
function sureTrend({ sure }: HeapFloor, least: Least): Trend | undefined {
  if (sure === undefined || sure.bytesPerMs <= 0 || !sure.isSteady || sure.fit < least.fit) return undefined;
  return sure.grownBytes < least.grownBytes || sure.lastBytes < least.lastBytes ? undefined : sure;
}
