import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, percent, text } from '../../analyzer/text.js';
import { isOnDisk, runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { runningHere } from '../../analyzer/signals/task-managers.js';

/** Objects on the heap take about three times what a checkpoint writes of them (diagnosis §5.6, an estimate). */
const HEAP_OVER_WRITTEN = 3;

export const sbHeapLargeState = defineRule({
  id: 'sb-heap-large-state',
  category: 'state',
  title: text('The state is large for the heap', '堆上的状态过大'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'taskManagers', 'history'],
  options: {
    heapShare: { default: 0.6, unit: 'ratio', description: 'state on the heap over all heaps, from which it is said' },
  },
  detect({ job, checkpoints, taskManagers, history, nowMs }, { heapShare }) {
    const backend = history.checkpointConfig?.stateBackend ?? '';
    const state = checkpoints.lastCompleted?.stateSizeBytes ?? 0;
    if (state === 0 || isOnDisk(history) || !/hash|heap|memory|fs/i.test(backend)) return [];
    let heap = 0;
    for (const { heapMaxBytes = 0 } of runningHere(taskManagers)) heap += heapMaxBytes;
    const share = heap === 0 ? 0 : (state * HEAP_OVER_WRITTEN) / heap;
    if (share < heapShare) return [];
    const heldMs = runningMs(job, nowMs);
    return [
      remark({
        confidence: 0.6,
        title: text(
          `${bytes(state)} of state on ${bytes(heap)} of heap`,
          `${bytes(heap)} 的堆上有 ${bytes(state)} 状态`,
        ),
        summary: text(
          `As objects that is about ${percent(share)} of all heaps: collections grow with it, and one more day of growth may end in OutOfMemoryError. In RocksDB it lies on disk; each access costs up to ten times as much.`,
          `以对象形式约占全部堆的 ${percent(share)}：回收随之变长，继续增长可能导致 OutOfMemoryError。RocksDB 将其放在磁盘，但每次访问的代价最多为十倍。`,
        ),
        evidence: [
          ...evidence('checkpointStateBytes', state, heldMs),
          ...evidence('stateOverHeap', share, heldMs, ['>=', heapShare]),
        ],
        until: text('less state, more heap, or a backend on disk', '减少状态、增大堆或使用磁盘后端'),
      }),
    ];
  },
  // The way to RocksDB leads over a canonical savepoint and may cost throughput: the page describes it.
  advise: () => [],
});
