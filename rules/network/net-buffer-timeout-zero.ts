import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { LOAD_WINDOW_MS, type LoadSignal } from '../../analyzer/signals/load.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { segmentBytesOf } from '../../analyzer/tuning/network-buffers.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { bytes, compact, text } from '../../analyzer/text.js';
import { settingAdvice } from '../support/setting-advice.js';
import { durationMs, isOff, settingOf } from '../support/settings.js';

export const netBufferTimeoutZero = defineRule({
  id: 'net-buffer-timeout-zero',
  category: 'network',
  title: text('A network buffer is sent for every record', '每条记录发送一个网络缓冲'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'configuration', 'history'],
  options: {
    recordsPerSecond: {
      default: 1000,
      unit: 'records/s',
      description: 'records that one subtask sends from which it is worth a word',
    },
    warningRecordsPerSecond: {
      // Diagnosis §5.5: 10 000 buffers a second and task; with a timeout of 0 each record is one.
      default: 10_000,
      unit: 'records/s',
      description: 'records that one subtask sends from which it is a warning',
    },
    bufferBytes: {
      // Diagnosis §5.5.
      default: 4096,
      unit: 'bytes',
      description: 'bytes in a buffer below which it is a small one',
    },
  },
  detect({ job, load, configuration }, limits) {
    if (!flushesAlways(configuration)) return [];
    const most = busiestSender(job, load);
    if (most === undefined || most.perSecond < limits.recordsPerSecond || most.recordBytes >= limits.bufferBytes) {
      return [];
    }
    const name = job.vertexName(most.vertexId);
    return [
      {
        severity: most.perSecond >= limits.warningRecordsPerSecond ? ('warning' as const) : ('info' as const),
        confidence: 0.85,
        subject: { kind: 'job' as const },
        title: text(
          `Each record is sent at once: ${compact(most.perSecond)} buffers a second from one subtask of ${name}`,
          `每条记录立即发送：${name} 的一个子任务每秒发送 ${compact(most.perSecond)} 个缓冲`,
        ),
        summary: text(
          `The buffer timeout is 0, so a buffer of ${bytes(segmentBytesOf(configuration))} leaves with one record of ${bytes(most.recordBytes)}. Both ends spend CPU on buffers instead of records.`,
          `缓冲超时为 0，因此 ${bytes(segmentBytesOf(configuration))} 的缓冲只装一条 ${bytes(most.recordBytes)} 的记录就发送。两端的 CPU 都花在缓冲而非记录上。`,
        ),
        evidence: [
          ...evidence('settingMs', 0, LOAD_WINDOW_MS, ['=', 0]),
          ...evidence('recordsOutPerSecond', most.perSecond, LOAD_WINDOW_MS, ['>=', limits.recordsPerSecond]),
          ...evidence('bytesPerRecord', most.recordBytes, LOAD_WINDOW_MS, ['<', limits.bufferBytes]),
        ],
        wouldChange: [
          text('code sets another timeout: that goes before the option', '代码设置了其他超时：优先于该选项'),
        ],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    const key = KEYS.find((name) => (configuration[name] ?? '') !== '') ?? optionKeys.bufferTimeout(job.flinkVersion);
    return settingAdvice(
      {
        kind: 'network',
        title: text('Send buffers when they are full or 100 ms old', '缓冲装满或满 100 毫秒时再发送'),
        changes: [optionChange('job', key, '100 ms', configuration)],
        effect: { metric: 'settingMs', label: labelOf('settingMs'), from: 0, to: 100, unit: 'ms' },
        verify: ['>=', 100],
        restart: 'job',
        note: text(
          'at low rates a record may wait up to 100 ms at each exchange',
          '低流量时记录在每次交换最多等待 100 毫秒',
        ),
        rejected: [
          {
            alternative: text('no timeout at all (-1, enabled: false)', '完全不设超时（-1 或 enabled: false）'),
            why: text(
              'best for throughput, but a record that no other follows would wait for ever',
              '吞吐最佳，但若没有后续记录，最后的记录会一直等待',
            ),
          },
        ],
        source: 'deployment/memory/network_mem_tuning/',
      },
      { job, history },
    );
  },
});

/** The second is the name up to 1.16, which later versions still read. */
const KEYS = ['execution.buffer-timeout.interval', 'execution.buffer-timeout'] as const;

/** `enabled: false` is the opposite: buffers leave only when they are full. */
function flushesAlways(configuration: Readonly<Record<string, string>>): boolean {
  return (
    durationMs(settingOf(configuration, ...KEYS)) === 0 && !isOff(configuration, 'execution.buffer-timeout.enabled')
  );
}

interface Sender {
  readonly vertexId: string;
  readonly perSecond: number;
  readonly recordBytes: number;
}

/** The subtask that sends most records to another vertex; one that does not tell its bytes says nothing of their size. */
function busiestSender(job: JobFacts, load: LoadSignal): Sender | undefined {
  const senders = [...load.values()]
    .filter(({ vertexId }) => job.topology.outputsOf(vertexId).some(({ blocking }) => !blocking))
    .flatMap(({ vertexId, subtasks }) =>
      subtasks.flatMap(({ recordsOutPerSecond: perSecond = 0, bytesOutPerSecond }): Sender[] =>
        bytesOutPerSecond === undefined || perSecond <= 0
          ? []
          : [{ vertexId, perSecond, recordBytes: bytesOutPerSecond / perSecond }],
      ),
    );
  return senders.sort((a, b) => b.perSecond - a.perSecond)[0];
}
