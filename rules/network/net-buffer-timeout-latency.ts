import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { duration, text } from '../../analyzer/text.js';
import { remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { durationMs, settingOf } from '../support/settings.js';

const DEFAULT_MS = 100;
/** A buffer that fills sooner than the timeout is sent when it is full: then the timeout waits for nothing. */
const BUFFER_BYTES = 32 * 1024;

export const netBufferTimeoutLatency = defineRule({
  id: 'net-buffer-timeout-latency',
  category: 'network',
  title: text('Half-full buffers wait longer than the latency allows', '未满缓冲的等待超出延迟目标'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'configuration', 'history'],
  options: {
    targetMs: {
      default: 0,
      unit: 'ms',
      description: 'latency that the job should have from source to sink; 0: none is told',
    },
    share: { default: 0.3, unit: 'ratio', description: 'share of it that buffers wait, from which it is said' },
  },
  detect({ job, load, configuration }, { targetMs, share }) {
    if (targetMs <= 0) return { notEvaluated: NO_TARGET };
    const timeoutMs =
      durationMs(settingOf(configuration, 'execution.buffer-timeout.interval', 'execution.buffer-timeout')) ??
      DEFAULT_MS;
    const hops = hopsOf(job);
    const waitMs = (hops * timeoutMs) / 2;
    const isFull = [...load.values()].some(({ subtasks }) =>
      subtasks.some(
        ({ bytesOutPerSecond = 0 }) => bytesOutPerSecond * timeoutMs >= BUFFER_BYTES * 1000 * job.parallelism,
      ),
    );
    if (waitMs < share * targetMs || isFull) return [];
    return [
      remark({
        confidence: 0.7,
        title: text(
          `Records wait ${duration(waitMs)} in half-full buffers on their way`,
          `记录在途中的未满缓冲里平均等待 ${duration(waitMs)}`,
        ),
        summary: text(
          `${hops} exchanges flush every ${duration(timeoutMs)}, and ${duration(targetMs)} are wanted from end to end. At this rate no buffer fills sooner.`,
          `${hops} 次交换各每 ${duration(timeoutMs)} 刷新一次，而端到端目标为 ${duration(targetMs)}。按当前速率缓冲不会更早填满。`,
        ),
        evidence: [
          ...evidence('settingMs', timeoutMs, LOAD_WINDOW_MS),
          ...evidence('bufferWaitMs', waitMs, LOAD_WINDOW_MS, ['>=', share * targetMs]),
        ],
        until: text('a shorter timeout, or fewer exchanges', '更短的超时或更少的交换'),
      }),
    ];
  },
  advise(_finding, { job, history, configuration }) {
    const key = optionKeys.bufferTimeout(job.flinkVersion);
    const fromMs = durationMs(settingOf(configuration, key)) ?? DEFAULT_MS;
    if (fromMs <= 10) return [];
    const waitMs = (hopsOf(job) * fromMs) / 2;
    return settingAdvice(
      {
        kind: 'network',
        title: text('Flush buffers every 10 ms', '每 10 毫秒刷新缓冲'),
        changes: [optionChange('job', key, '10 ms', configuration)],
        effect: {
          metric: 'bufferWaitMs',
          label: labelOf('bufferWaitMs'),
          from: waitMs,
          to: (waitMs * 10) / fromMs,
          unit: 'ms',
        },
        verify: ['<', waitMs],
        restart: 'job',
        note: text('more and smaller buffers: less throughput at the limit', '缓冲更多更小：极限吞吐下降'),
        source: 'deployment/config/#execution-buffer-timeout-interval',
      },
      { job, history },
    );
  },
});

/** Exchanges on the longest way from a source to a sink. */
function hopsOf({ topology }: JobFacts): number {
  const hops = new Map<string, number>();
  for (const id of topology.order)
    hops.set(id, Math.max(0, ...topology.inputsOf(id).map(({ fromVertexId }) => (hops.get(fromVertexId) ?? 0) + 1)));
  return Math.max(0, ...hops.values());
}

const NO_TARGET = text(
  'no latency is asked of the job: rules.options.net-buffer-timeout-latency.targetMs would tell it',
  '没有延迟目标：可用 rules.options.net-buffer-timeout-latency.targetMs 设置',
);
