import { defineRule, type RuleView } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { diffsFor } from '../../analyzer/tuning/advice.js';
import { processSizeForHeap } from '../../analyzer/tuning/memory/budget.js';
import { mebibytes } from '../../analyzer/tuning/values/memory-size.js';
import { heapFloorOf } from '../../analyzer/signals/heap-floor.js';
import { bytes, duration, percent, text } from '../../analyzer/text.js';
import { isCalm } from '../support/calm.js';
import { runningMs } from '../support/facts.js';
import { MIB, processBytesOf } from '../support/memory-advice.js';
import { GC_NOT_TOLD } from '../support/not-told.js';
import { A_DAY, remark } from '../support/remark.js';
import { runningHere } from '../../analyzer/signals/task-managers.js';

/** F4: what lives twice, the highest reading and a tenth, 256 MiB at least; and never a third away at once. */
const LIVE_SHARE = 0.5;
const PEAK_ROOM = 1.1;
const HEAP_MIN = 256 * MIB;
const STEP_DOWN_MAX = 0.3;

export const memHeapOversized = defineRule({
  id: 'mem-heap-oversized',
  category: 'memory',
  title: text('The heap is larger than what is ever in it', '堆大于实际使用'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'lag', 'peakLoad', 'configuration', 'history'],
  options: {
    factor: { default: 1.5, unit: 'times', description: 'heap over what is needed, above which it is said' },
    gcRatio: { default: 0.02, unit: 'ratio', description: 'time in collections below which the heap may be too large' },
    minBytes: { default: 1024 ** 3, unit: 'bytes', description: 'heap up to which it is not worth a word' },
    runningMs: A_DAY,
  },
  detect(view, limits) {
    const { job, nowMs, taskManagers, lag, peakLoad, history } = view;
    const alive = runningHere(taskManagers);
    const heap = Math.max(0, ...alive.map(({ heapMaxBytes = 0 }) => heapMaxBytes));
    if (
      heap <= limits.minBytes ||
      runningMs(job, nowMs) < limits.runningMs ||
      history.jobsOnCluster !== 1 ||
      !isCalm(lag, peakLoad)
    )
      return [];
    if (alive.some(({ gcRatio = 1 }) => gcRatio >= limits.gcRatio)) return [];
    const needed = neededOf(view);
    if (needed === undefined) return { notEvaluated: GC_NOT_TOLD };
    if (heap <= limits.factor * needed.heapBytes) return [];
    return [
      remark({
        confidence: 0.6,
        title: text(
          `${bytes(needed.heapBytes)} of heap would do where each TaskManager has ${bytes(heap)}`,
          `每个 TaskManager 的堆为 ${bytes(heap)}，而 ${bytes(needed.heapBytes)} 就够用`,
        ),
        summary: text(
          `In the last ${duration(needed.windowMs)} there were never more than ${bytes(needed.peakBytes)} in it, and ${bytes(needed.liveBytes)} stay after collections. A peak outside this window, or a backlog after a failure, may need more.`,
          `最近 ${duration(needed.windowMs)} 堆内最多 ${bytes(needed.peakBytes)}，回收后剩 ${bytes(needed.liveBytes)}。窗口之外的高峰或故障后的追赶可能需要更多。`,
        ),
        evidence: [
          ...evidence('heapMaxBytes', heap, needed.windowMs, ['>', limits.factor * needed.heapBytes]),
          ...evidence('heapFloorBytes', needed.liveBytes, needed.windowMs),
          ...evidence('gcRatio', Math.max(...alive.map(({ gcRatio = 0 }) => gcRatio)), needed.windowMs, [
            '<',
            limits.gcRatio,
          ]),
        ],
        until: text('a heap that fits, or a peak that fills it', '堆大小合适，或出现填满它的高峰'),
      }),
    ];
  },
  advise(_finding, view) {
    const { job, history, configuration, taskManagers } = view;
    const needed = neededOf(view);
    const process = processBytesOf(history);
    const heap = Math.max(0, ...taskManagers.map(({ heapMaxBytes = 0 }) => heapMaxBytes));
    if (needed === undefined || process === undefined) return [];
    const wanted = processSizeForHeap(
      Math.max(needed.heapBytes, heap * (1 - STEP_DOWN_MAX)),
      configuration,
      job.flinkVersion,
    );
    if (wanted === undefined || wanted >= process - MIB) return [];
    const key = 'taskmanager.memory.process.size';
    const changes = [
      {
        scope: 'taskmanager' as const,
        key,
        from: configuration[key] ?? mebibytes(process),
        to: mebibytes(wanted),
        unit: 'bytes',
      },
    ];
    const alive = history.taskManagers.filter(({ goneMs }) => goneMs === undefined).length;
    const to = Math.max(needed.heapBytes, heap * (1 - STEP_DOWN_MAX));
    return [
      {
        kind: 'memory',
        title: text(
          `Run TaskManagers of ${mebibytes(wanted)} instead of ${mebibytes(process)}`,
          `将 TaskManager 从 ${mebibytes(process)} 调整为 ${mebibytes(wanted)}`,
        ),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [
          {
            metric: 'heapMaxBytes',
            label: labelOf('heapMaxBytes'),
            from: heap,
            to,
            low: to * 0.95,
            high: to * 1.05,
            unit: 'bytes',
          },
        ],
        cost: { slots: 0, taskManagers: 0, memoryBytes: (wanted - process) * alive },
        prerequisites: [
          text(
            `the last ${duration(needed.windowMs)} hold the highest load`,
            `最近 ${duration(needed.windowMs)} 已包含最高负载`,
          ),
        ],
        risk: {
          restart: 'cluster',
          stateLoss: false,
          note: text(
            'managed and network memory shrink with the process unless they are set',
            '托管与网络内存若未单独设置会随进程缩小',
          ),
        },
        verify: [{ metric: 'gcTimeRatio', label: labelOf('gcRatio'), comparison: '<', target: 0.05, unit: 'ratio' }],
        rejected: [
          {
            alternative: text('all of it at once', '一次减到位'),
            why: text(
              `one step takes ${percent(STEP_DOWN_MAX)} at most: then look again`,
              `每步最多减 ${percent(STEP_DOWN_MAX)}，之后再看`,
            ),
          },
        ],
        confidence: 0.5,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/memory/mem_tuning/'],
      },
    ];
  },
});

/** F4 over all TaskManagers with tasks; undefined while one has no floor yet. */
function neededOf({
  history,
  job,
}: RuleView<'history'>):
  | { readonly heapBytes: number; readonly liveBytes: number; readonly peakBytes: number; readonly windowMs: number }
  | undefined {
  let [liveBytes, peakBytes, windowMs] = [0, 0, 0];
  for (const taskManager of history.taskManagers) {
    if (taskManager.goneMs !== undefined) continue;
    const floor = heapFloorOf(taskManager, job.allRunningSinceMs ?? 0);
    if (floor === undefined) return undefined;
    liveBytes = Math.max(liveBytes, floor.firstBytes, floor.lastBytes);
    windowMs = Math.max(windowMs, floor.windowMs);
    for (const { heapUsedBytes = 0 } of taskManager.samples) peakBytes = Math.max(peakBytes, heapUsedBytes);
  }
  return windowMs === 0
    ? undefined
    : { heapBytes: Math.max(HEAP_MIN, liveBytes / LIVE_SHARE, peakBytes * PEAK_ROOM), liveBytes, peakBytes, windowMs };
}
