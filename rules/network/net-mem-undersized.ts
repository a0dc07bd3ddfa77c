import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { TM_WINDOW_MS } from '../../analyzer/signals/task-managers.js';
import {
  networkNeeds,
  networkUsedLow,
  segmentBytesOf,
  type NetworkNeed,
} from '../../analyzer/tuning/network-buffers.js';
import { compact, percent, text } from '../../analyzer/text.js';
import { NETWORK_NOT_TOLD } from '../support/not-told.js';
import { NETWORK_ROOM, networkMemoryAdvice } from '../support/network-memory.js';

export const netMemUndersized = defineRule({
  id: 'net-mem-undersized',
  category: 'network',
  title: text('Network memory is small for the channels of the job', '网络内存相对于作业的通道数偏小'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    usedShare: {
      // Diagnosis §5.5.
      default: 0.95,
      unit: 'ratio',
      description: 'buffers in use, in every reading, from which tasks wait for one',
    },
  },
  detect({ history, nowMs }, { usedShare }) {
    const needs = networkNeeds(history);
    if (needs === undefined) return { notEvaluated: NETWORK_NOT_TOLD };
    const need = tightest(needs);
    if (need === undefined || (need.placed.wanted <= need.total && !failsWhenFull(need))) return [];
    const { total, placed, packed, taskManagerId } = need;
    const fails = failsWhenFull(need);
    const used = networkUsedLow(history, taskManagerId, nowMs - TM_WINDOW_MS);
    const wantedRatio = placed.wanted / total;
    const isExhausted = placed.wanted > total && (used ?? 0) >= usedShare;
    return [
      {
        severity: fails || isExhausted ? ('warning' as const) : ('info' as const),
        confidence: 0.85,
        subject: { kind: 'job' as const },
        title: fails
          ? text(
              `A full TaskManager needs ${compact(packed?.required ?? 0)} network buffers to start and has ${compact(total)}`,
              `占满的 TaskManager 启动需要 ${compact(packed?.required ?? 0)} 个网络缓冲，只有 ${compact(total)} 个`,
            )
          : text(
              `Tasks of ${taskManagerId} may take ${compact(placed.wanted)} network buffers; it has ${compact(total)}`,
              `${taskManagerId} 上的任务可使用 ${compact(placed.wanted)} 个网络缓冲，只有 ${compact(total)} 个`,
            ),
        summary: fails
          ? text(
              'The job runs because its subtasks are spread. A restart that fills a TaskManager, as Flink does by default, fails with "Insufficient number of network buffers".',
              '作业能运行是因为子任务较分散。若重启时某个 TaskManager 被占满（Flink 默认如此），将因 "Insufficient number of network buffers" 失败。',
            )
          : text(
              `It has what it must have to run, and not what its exchanges take under load${isExhausted ? `: ${percent(used ?? 0)} are in use all the time, and tasks wait for one another's buffers` : ''}. Throughput can suffer, and a higher parallelism may not start.`,
              `现有缓冲足够运行，但不足以满足高负载时的数据交换${isExhausted ? `：已用 ${percent(used ?? 0)} 且一直如此，任务相互等待缓冲` : ''}。吞吐可能下降，提高并行度后可能无法启动。`,
            ),
        evidence: [
          ...evidence('networkWantedRatio', wantedRatio, TM_WINDOW_MS, fails ? undefined : ['>', 1]),
          ...(fails ? evidence('buffersNeeded', packed?.required, TM_WINDOW_MS, ['>', total]) : []),
          ...evidence('networkUsedRatio', used, TM_WINDOW_MS, isExhausted ? ['>=', usedShare] : undefined, {
            metric: 'networkUsedRatio',
            taskManagerId,
          }),
        ],
        wouldChange: [
          text('fewer exchanges, subtasks or slots per TaskManager', '减少数据交换、子任务或每个 TaskManager 的 slot'),
        ],
      },
    ];
  },
  advise(_finding, { job, history }) {
    const need = tightest(networkNeeds(history) ?? []);
    if (need === undefined) return [];
    const needed = Math.max(need.placed.wanted, need.packed?.wanted ?? 0);
    const segmentBytes = segmentBytesOf(history.configuration);
    const to = need.placed.wanted / (needed * NETWORK_ROOM);
    const metric = { metric: 'networkWantedRatio', label: labelOf('networkWantedRatio'), unit: 'ratio' as const };
    return networkMemoryAdvice({ total: need.total, needed, segmentBytes }, job, history, {
      confidence: 0.8,
      expected: [{ ...metric, from: need.placed.wanted / need.total, to, low: to, high: to }],
      verify: [{ ...metric, comparison: '<=', target: 1 }],
    });
  },
});

/** Of the smallest pool for what it has to do: all TaskManagers get the same memory. */
function tightest(needs: readonly NetworkNeed[]): NetworkNeed | undefined {
  const scarcity = ({ placed, packed, total }: NetworkNeed): number =>
    Math.max(placed.wanted, packed?.required ?? 0) / total;
  return [...needs].sort((a, b) => scarcity(b) - scarcity(a))[0];
}

/** The limit is Flink's own: it refuses to start a task whose required buffers are not there. */
function failsWhenFull({ packed, total }: NetworkNeed): boolean {
  return (packed?.required ?? 0) > total;
}
